/** keepEvidence: takes what a run that has ended leaves in its run record into the history, before the run can go. */

import { isRefusal, kinds, type KubeClient } from '@tekton-dag/kube';
import type { PipelineRun } from '@tekton-dag/model';
import type { Store } from '@tekton-dag/store';
import { succeededCondition } from '../runs/run-phase.ts';
import { listTaskRuns } from '../runs/task-runs.ts';
import type { ObserveRecord } from '../telemetry/observe-record.ts';
import { summarizeEvidence } from './summarize-evidence.ts';

export interface EvidenceContext {
  readonly client: KubeClient;
  readonly store: Pick<Store, 'runs'>;
  readonly observeRecord: ObserveRecord;
  /** Takes secrets out of a text: tests write what they like. */
  readonly mask: (text: string) => string;
}

/** Once for each run: true when it was kept now. Rejects with what the API or the store says. */
export async function keepEvidence(context: EvidenceContext, run: PipelineRun): Promise<boolean> {
  const { client, store, observeRecord, mask } = context;
  const { namespace = '', name = '' } = run.metadata;
  const known = await store.runs.get({ namespace, name });
  if (known === undefined || known.evidence !== undefined) return false;
  const record = await readRecord(client, namespace, name);
  if (record !== undefined) await observeRecord(known, record);
  const taskRuns = known.state === 'failed' ? await listTaskRuns(client, known) : [];
  const message = succeededCondition(run)?.message ?? '';
  // Before texts are cut, or half a secret would be left; and after, for what came from elsewhere.
  const masked = Object.fromEntries(Object.entries(record ?? {}).map(([key, text]) => [key, mask(text)]));
  const evidence = summarizeEvidence({ record: masked, message, taskRuns });
  return await store.runs.setEvidence({ namespace, name }, mask(JSON.stringify(evidence)));
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
    if (isRefusal(error, 'NotFound')) return undefined;
    throw error;
  }
}
