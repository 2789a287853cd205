/** repeatRun: renders a run that does again what another did, with exactly the versions that it had. */

import { isRefusal, kinds, type KubeClient } from '@tekton-dag/kube';
import {
  parsePlan,
  parseRunProvenance,
  present,
  renderRepeatedRun,
  RUN_RECORD_KEYS,
  type PipelineRun,
  type RepeatOptions,
  type RepeatRefusal,
  type Result,
} from '@tekton-dag/model';

export type RepeatWish = Pick<RepeatOptions, 'attempt' | 'annotations' | 'traceparent' | 'tokenSecret'>;

/** The new run is held back until admission lets it go. What is installed is not looked at: nothing grants that. */
export async function repeatRun(
  client: KubeClient,
  run: PipelineRun,
  wish: RepeatWish,
): Promise<Result<PipelineRun, RepeatRefusal>> {
  const record = await readRecord(client, run);
  const plan = parsePlan(record[RUN_RECORD_KEYS.plan] ?? '');
  const recorded = parseRunProvenance(record[RUN_RECORD_KEYS.provenance] ?? '');
  return renderRepeatedRun(run, {
    ...present(wish),
    attempt: wish.attempt,
    plan: plan.ok ? plan.value : undefined,
    recorded: recorded.ok ? recorded.value : undefined,
    installed: undefined,
    pending: true,
  });
}

/** Empty for a run that ended before it had a record. */
async function readRecord(
  client: KubeClient,
  { metadata: { namespace = '', name = '' } }: PipelineRun,
): Promise<Readonly<Record<string, string>>> {
  try {
    return (await client.resource(kinds.configmaps, namespace).get(name))?.data ?? {};
  } catch (error) {
    if (isRefusal(error, 'NotFound')) return {};
    throw error;
  }
}
