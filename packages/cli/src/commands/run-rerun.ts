/** runRerun: continues a failed run of a pull request where it failed, with the images that it has built. */

import { ANNOTATION, renderContinuedRun, type PipelineRun } from '@tekton-dag/model';
import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { openCluster, type ClusterOptions } from '../open-cluster.ts';
import { parseAssignments } from '../parse-assignments.ts';
import { renderData } from '../render/objects.ts';
import { assertKnownParams } from '../run/assert-known-params.ts';
import { assertSessionFree } from '../run/assert-session-free.ts';
import { getRun } from '../run/pipeline-runs.ts';
import { createOnce } from './run-create.ts';
import { followRun } from './run-watch.ts';

export interface RunRerunOptions extends ClusterOptions {
  readonly attempt: number;
  readonly param?: readonly string[];
  readonly dryRun?: boolean;
  readonly watch?: boolean;
}

/** Prints the new run's name; exit code 3 for a run that cannot be continued. */
export async function runRerun(host: CliHost, name: string, options: RunRerunOptions): Promise<number> {
  await using cluster = await openCluster(host, options);
  const params = parseAssignments(options.param ?? [], '--param');
  const failed = await getRun(cluster, name);
  const pending = isAdmitted(failed);
  const rendered = renderContinuedRun(failed, { attempt: options.attempt, params, pending });
  if (!rendered.ok) {
    throw new CliFailure(EXIT.invalidInput, rendered.error.message, rendered.error.hint);
  }
  await assertKnownParams(rendered.value);
  if (options.dryRun === true) {
    host.stdout.write(await renderData(rendered.value, 'yaml'));
    return EXIT.ok;
  }
  await assertSessionFree(cluster, rendered.value);
  const run = await createOnce(host, cluster, rendered.value);
  const created = run.metadata.name ?? '';
  host.stdout.write(`pipelinerun.tekton.dev/${created}\n`);
  return options.watch === true ? await followRun(host, cluster, created, options) : EXIT.ok;
}

/** An orchestrator made the failed run: the new one waits for a slot of the team, as all of its runs do. */
function isAdmitted({ metadata }: PipelineRun): boolean {
  return metadata.annotations?.[ANNOTATION.attempt] !== undefined;
}
