/** Options of the commands that read all teams and stacks of a checkout. */

import type { PlatformSnapshot } from '@tekton-dag/orchestrator';
import { join, resolve } from 'node:path';
import type { CliHost } from '../cli-host.ts';
import type { InputOptions } from '../read-input-file.ts';

export interface TeamOptions extends InputOptions {
  /** Holds `<team>/team.yaml`; default: `teams` in the checkout. */
  readonly teams?: string;
  /** Namespace of apps that name none. */
  readonly namespace: string;
}

/** As the orchestrator loads it, with paths as the user wrote them where they are below the working directory. */
export async function readCheckout(
  host: CliHost,
  directory: string,
  { teams = join(directory, 'teams'), namespace }: TeamOptions,
): Promise<PlatformSnapshot> {
  const { readPlatform } = await import('@tekton-dag/orchestrator');
  const snapshot = await readPlatform({
    teamsDir: resolve(host.cwd, teams),
    platformDir: resolve(host.cwd, directory),
    defaultNamespace: namespace,
  });
  const base = `${host.cwd}/`;
  const problems = snapshot.problems.map((problem) => ({
    ...problem,
    file: problem.file.startsWith(base) ? problem.file.slice(base.length) : problem.file,
  }));
  return { ...snapshot, problems };
}
