/** releaseValues: values of the chart for a team of the rig, as `-f team.yaml -f values.yaml` gives them. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { OWNER } from '../../rig/render-stack.ts';
import type { ClusterRig } from './cluster-rig.ts';

const teamSchema = z.record(z.string(), z.unknown());

export interface TeamOfRelease {
  readonly stacks: readonly string[];
  /** Default: the rig's. */
  readonly namespace?: string;
  /** Keys of the team file that differ. */
  readonly team?: Readonly<Record<string, unknown>>;
}

interface ImageValues {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

/** `host:port/path/name[:tag][@digest]`. */
export function splitImage(reference: string): ImageValues {
  const [tagged = '', digest = ''] = reference.split('@');
  const slash = tagged.lastIndexOf('/');
  const [repository = '', tag = ''] = tagged.slice(slash + 1).split(':');
  return { registry: tagged.slice(0, slash), repository, tag, digest };
}

/** The stacks must have been written with `rig.writeStack`; the Service gets a port that this machine reaches. */
export async function releaseValues(rig: ClusterRig, release: TeamOfRelease): Promise<object> {
  const platform = join(rig.forge.directory, 'work', OWNER, 'platform');
  const stacks = release.stacks.map((name) => `stacks/${name}.yaml`);
  const texts = await Promise.all(
    stacks.map(async (stack) => [stack, await readFile(join(platform, stack), 'utf8')]),
  );
  return {
    ...teamSchema.parse(JSON.parse(await readFile(rig.teamFile, 'utf8'))),
    namespace: release.namespace ?? rig.namespace,
    ...release.team,
    stacks,
    stackFiles: Object.fromEntries(texts),
    image: splitImage(rig.settings.image),
    orchestrator: { service: { type: 'NodePort' } },
  };
}
