/** runCancel: ends a run; its cleanup still happens unless told otherwise. */

import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { openCluster, type ClusterOptions } from '../open-cluster.ts';
import { getRun, runsOf } from '../run/pipeline-runs.ts';
import { isDone, runStateOf } from '../run/run-state.ts';

export interface RunCancelOptions extends ClusterOptions {
  /** Skip the finally tasks too. */
  readonly now?: boolean;
}

/** Tekton: pipelineruns.md, "Gracefully cancelling a PipelineRun". A run that is done is left as it is. */
export async function runCancel(host: CliHost, name: string, options: RunCancelOptions): Promise<number> {
  await using cluster = await openCluster(host, options);
  const run = await getRun(cluster, name);
  const state = runStateOf(run.status?.conditions);
  if (isDone(state)) {
    host.stderr.write(`${name} is ${state} already.\n`);
    return EXIT.ok;
  }
  const status = options.now === true ? 'Cancelled' : 'CancelledRunFinally';
  await runsOf(cluster).patch(name, { spec: { status } }, { type: 'merge' });
  host.stdout.write(`pipelinerun.tekton.dev/${name} cancelled\n`);
  return EXIT.ok;
}
