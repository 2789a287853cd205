/** runRepeat: does a run again with exactly the versions that it had (docs/catalog-versions.md). */

import { isRefusal, kinds, type ResourceDefinition } from '@tekton-dag/kube';
import {
  ANNOTATION,
  catalogOf,
  describeProvenance,
  parsePlan,
  parseRunProvenance,
  pipelineNameOf,
  provenanceOf,
  renderRepeatedRun,
  RUN_RECORD_KEYS,
  type Pipeline,
  type PipelineRun,
  type RunProvenance,
} from '@tekton-dag/model';
import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { dropAbsent } from '../drop-absent.ts';
import { EXIT } from '../exit-code.ts';
import { openCluster, type Cluster, type ClusterOptions } from '../open-cluster.ts';
import { renderData } from '../render/objects.ts';
import { assertSessionFree } from '../run/assert-session-free.ts';
import { getRun } from '../run/pipeline-runs.ts';
import { createOnce } from './run-create.ts';
import { followRun } from './run-watch.ts';

export interface RunRepeatOptions extends ClusterOptions {
  readonly attempt: number;
  readonly catalogSecret?: string;
  readonly dryRun?: boolean;
  readonly watch?: boolean;
}

/** Prints the new run's name; exit code 3 for a run whose versions nobody knows any more. */
export async function runRepeat(host: CliHost, name: string, options: RunRepeatOptions): Promise<number> {
  await using cluster = await openCluster(host, options);
  const rendered = await render(cluster, await getRun(cluster, name), options);
  if (options.dryRun === true) {
    host.stdout.write(await renderData(rendered, 'yaml'));
    return EXIT.ok;
  }
  await assertSessionFree(cluster, rendered);
  const run = await createOnce(host, cluster, rendered);
  const created = run.metadata.name ?? '';
  host.stdout.write(`pipelinerun.tekton.dev/${created}\n`);
  return options.watch === true ? await followRun(host, cluster, created, options) : EXIT.ok;
}

async function render(cluster: Cluster, run: PipelineRun, options: RunRepeatOptions): Promise<PipelineRun> {
  const record = await readRecord(cluster, run);
  const plan = parsePlan(record[RUN_RECORD_KEYS.plan] ?? '');
  const recorded = parseRunProvenance(record[RUN_RECORD_KEYS.provenance] ?? '');
  const rendered = renderRepeatedRun(run, {
    plan: plan.ok ? plan.value : undefined,
    recorded: recorded.ok ? recorded.value : undefined,
    installed: await findInstalled(cluster, run),
    attempt: options.attempt,
    pending: isAdmitted(run),
    ...dropAbsent({ tokenSecret: options.catalogSecret }),
  });
  if (rendered.ok) return rendered.value;
  const known = describeProvenance(provenanceOf(run));
  const { message, hint } = rendered.error;
  throw new CliFailure(
    EXIT.invalidInput,
    known === '' ? message : `${message}; it was made of ${known}`,
    hint,
  );
}

async function readRecord(
  { client, namespace }: Cluster,
  { metadata }: PipelineRun,
): Promise<Readonly<Record<string, string>>> {
  return (await client.resource(kinds.configmaps, namespace).get(metadata.name ?? ''))?.data ?? {};
}

const pipelines: ResourceDefinition<Pipeline> = kinds.pipelines;

/** What the pipeline of the run says now, where it is an installed one; who may not look it up fetches the recorded one. */
async function findInstalled(
  { client, namespace }: Cluster,
  run: PipelineRun,
): Promise<RunProvenance['catalog']> {
  try {
    const pipeline = await client.resource(pipelines, namespace).get(pipelineNameOf(run));
    if (pipeline === undefined) return undefined;
    return catalogOf({ ...run, metadata: pipeline.metadata, spec: {} });
  } catch (error) {
    if (isRefusal(error, 'Forbidden')) return undefined;
    throw error;
  }
}

/** An orchestrator made the run: the new one waits for a slot of the team, as all of its runs do. */
function isAdmitted({ metadata }: PipelineRun): boolean {
  return metadata.annotations?.[ANNOTATION.attempt] !== undefined;
}
