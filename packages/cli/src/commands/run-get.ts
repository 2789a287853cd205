/** runGet: one run. */

import { describeProvenance, provenanceOf } from '@tekton-dag/model';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { openCluster, type ClusterOptions } from '../open-cluster.ts';
import { renderData, renderObjects, type OutputFormat } from '../render/objects.ts';
import { createRunView } from '../render/run-view.ts';
import { describeWaiting } from '../run/describe-waiting.ts';
import { getRun } from '../run/pipeline-runs.ts';

export interface RunGetOptions extends ClusterOptions {
  readonly output?: OutputFormat;
}

/** JSON and YAML print the object itself; what it was made of stands below the table. */
export async function runGet(host: CliHost, name: string, options: RunGetOptions): Promise<number> {
  await using cluster = await openCluster(host, options);
  const run = await getRun(cluster, name);
  const { output } = options;
  const whole = output === 'json' || output === 'yaml';
  const view = createRunView(Date.now(), false);
  host.stdout.write(whole ? await renderData(run, output) : await renderObjects([run], view, output));
  const waiting =
    output === undefined || output === 'wide' ? await describeWaiting(cluster, name) : undefined;
  if (waiting !== undefined) host.stdout.write(`${waiting}\n`);
  const madeOf = whole || output === 'name' ? '' : describeProvenance(provenanceOf(run));
  if (madeOf !== '') host.stdout.write(`made of ${madeOf}\n`);
  return EXIT.ok;
}
