/** repeatRun: renders a run that does again what another did, with exactly the versions that it had. */

import { isRefusal, kinds, type KubeClient } from '@tekton-dag/kube';
import {
  catalogOf,
  parsePlan,
  parseRunProvenance,
  present,
  renderRepeatedRun,
  RUN_RECORD_KEYS,
  type PinnedCatalog,
  type PipelineRun,
  type RepeatOptions,
  type RepeatRefusal,
  type Result,
} from '@tekton-dag/model';

export interface RepeatWish extends Pick<RepeatOptions, 'attempt' | 'annotations' | 'traceparent'> {
  /** The catalog of the settings: its token reads this repository, and is shown to no other that a run may name. */
  readonly catalog?: PinnedCatalog;
}

/** The new run is held back until admission lets it go. What is installed is not looked at: nothing grants that. */
export async function repeatRun(
  client: KubeClient,
  run: PipelineRun,
  { catalog, ...wish }: RepeatWish,
): Promise<Result<PipelineRun, RepeatRefusal>> {
  const record = await readRecord(client, run);
  const plan = parsePlan(record[RUN_RECORD_KEYS.plan] ?? '');
  const recorded = parseRunProvenance(record[RUN_RECORD_KEYS.provenance] ?? '');
  const tokenSecret = catalogOf(run)?.url === catalog?.url ? catalog?.tokenSecret : undefined;
  return renderRepeatedRun(run, {
    ...present({ ...wish, tokenSecret }),
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
