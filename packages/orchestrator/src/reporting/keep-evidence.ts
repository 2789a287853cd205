/** keepEvidence: takes what a run that has ended leaves in its run record into the history, before the run can go. */

import { isRefusal, kinds, type KubeClient } from '@tekton-dag/kube';
import type { PipelineRun } from '@tekton-dag/model';
import type { Store } from '@tekton-dag/store';
import { succeededCondition } from '../runs/run-phase.ts';
import type { ObserveRecord } from '../telemetry/observe-record.ts';
import { summarizeEvidence } from './summarize-evidence.ts';

/** Once for each run. Rejects with what the API or the store says. */
export async function keepEvidence(
  {
    client,
    store,
    observeRecord,
  }: {
    readonly client: KubeClient;
    readonly store: Pick<Store, 'runs'>;
    readonly observeRecord: ObserveRecord;
  },
  run: PipelineRun,
): Promise<void> {
  const { namespace = '', name = '' } = run.metadata;
  const known = await store.runs.get({ namespace, name });
  if (known === undefined || known.evidence !== undefined) return;
  const record = await readRecord(client, namespace, name);
  if (record !== undefined) await observeRecord(known, record);
  const evidence = summarizeEvidence(record, succeededCondition(run)?.message ?? '');
  await store.runs.setEvidence({ namespace, name }, JSON.stringify(evidence));
}

/** A run that ended before its plan was made has no record. */
async function readRecord(
  client: KubeClient,
  namespace: string,
  name: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  try {
    return (await client.resource(kinds.configmaps, namespace).get(name))?.data;
  } catch (error) {
    if (isRefusal(error, 'NotFound') || isRefusal(error, 'Forbidden')) return undefined;
    throw error;
  }
}
