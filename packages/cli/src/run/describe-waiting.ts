/** describeWaiting: for whom a run waits, as its record says. */

import { kinds } from '@tekton-dag/kube';
import { parseWaiting } from '@tekton-dag/model';
import type { Cluster } from '../open-cluster.ts';

/** One line for people; undefined when the run waits for nobody. */
export async function describeWaiting(
  { client, namespace }: Cluster,
  run: string,
): Promise<string | undefined> {
  const record = await client.resource(kinds.configmaps, namespace).get(run);
  const text = record?.data?.['waiting.json'];
  const waiting = text === undefined ? undefined : parseWaiting(text);
  if (waiting?.ok !== true) return undefined;
  const { app, holder, since } = waiting.value;
  return `It waits for run ${holder.name}, which intercepts app ${app} (since ${since}).`;
}
