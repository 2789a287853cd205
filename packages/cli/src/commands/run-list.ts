/** runList: the runs of a namespace, newest first. */

import { LABEL, type PipelineRun } from '@tekton-dag/model';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { openCluster, type ClusterOptions } from '../open-cluster.ts';
import { renderObjects, type OutputFormat } from '../render/objects.ts';
import { createRunView } from '../render/run-view.ts';
import { pipelineRuns } from '../run/pipeline-runs.ts';

export interface RunListOptions extends ClusterOptions {
  readonly team?: string;
  readonly stack?: string;
  readonly mode?: string;
  readonly pr?: number;
  readonly output?: OutputFormat;
}

/** Prints a table or what `-o` asks for; an empty list is said on stderr. */
export async function runList(host: CliHost, options: RunListOptions): Promise<number> {
  await using cluster = await openCluster(host, options);
  const namespace = options.allNamespaces === true ? undefined : cluster.namespace;
  const runs = cluster.client.resource(pipelineRuns, namespace);
  const { items } = await runs.list({ labelSelector: selectorOf(options), signal: host.signal });
  const sorted = items.toSorted(newestFirst);
  if (sorted.length === 0 && options.output === undefined) {
    host.stderr.write(
      `No runs found in ${namespace === undefined ? 'any namespace' : `namespace ${namespace}`}.\n`,
    );
    return EXIT.ok;
  }
  const view = createRunView(Date.now(), options.allNamespaces === true);
  host.stdout.write(await renderObjects(sorted, view, options.output));
  return EXIT.ok;
}

function selectorOf({ team, stack, mode, pr }: RunListOptions): string | undefined {
  const wanted = [
    [LABEL.team, team],
    [LABEL.stack, stack],
    [LABEL.mode, mode],
    [LABEL.pullRequest, pr],
  ];
  const terms = wanted
    .filter(([, value]) => value !== undefined)
    .map(([label, value]) => `${label}=${value}`);
  return terms.length === 0 ? undefined : terms.join(',');
}

function newestFirst(left: PipelineRun, right: PipelineRun): number {
  return (right.metadata.creationTimestamp ?? '').localeCompare(left.metadata.creationTimestamp ?? '');
}
