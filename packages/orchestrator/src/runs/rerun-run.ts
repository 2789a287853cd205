/** rerunRun: makes a run once more: from the part that failed, from the start, or with exactly the versions that it had. */

import {
  ANNOTATION,
  CATALOG_ANNOTATIONS,
  err,
  LABEL,
  ok,
  pinnedCatalogOf,
  present,
  renderContinuedRun,
  runNameOf,
  spanContextOf,
  type PinnedCatalog,
  type PipelineRun,
  type Result,
} from '@tekton-dag/model';
import type { KubeClient } from '@tekton-dag/kube';
import type { RunKey } from '@tekton-dag/store';
import { cancelSession } from './cancel-session.ts';
import { countAttempts } from './count-attempts.ts';
import { createRun } from './create-run.ts';
import { describeRun } from './describe-run.ts';
import { findNewerTest } from './find-newer-test.ts';
import { findRun } from './find-run.ts';
import { repeatRun } from './repeat-run.ts';
import type { RunContext } from './run-context.ts';
import { phaseOf, succeededCondition } from './run-phase.ts';

export const RERUN_STARTS = ['failed', 'start', 'exact'] as const;
export type RerunStart = (typeof RERUN_STARTS)[number];

export interface RerunWish {
  /**
   * `failed`: what was built and is still there is taken over; only for a pull request's run that did not succeed.
   * `start`: the same params, so branches count as they are now; no release that succeeded. `exact`: the same commits (docs/catalog-versions.md).
   */
  readonly from: RerunStart;
  /** Makes the name of the new run; the same number again is the same run. */
  readonly attempt: number;
  /** That of the settings; `exact` fetches one that was installed then with the same token, where it is the same repository. */
  readonly catalog?: PinnedCatalog;
  /** Id of the delivery that asks. */
  readonly delivery?: string;
  readonly traceparent?: string;
}

export interface RerunRefusal {
  readonly reason: 'not-found' | 'not-finished' | 'not-recorded' | 'succeeded' | 'other-mode' | 'superseded';
  readonly message: string;
}

/** Modes that a name is made of; a run that continues another has no plan of its own. */
const MODES = ['pr', 'merge', 'bootstrap', 'verify'] as const;

/**
 * Gives the new run, which exists and waits for a slot as every run does. Older test runs of the same session are cancelled;
 * while a later commit is tested there, it is refused.
 */
export async function rerunRun(
  context: Pick<RunContext, 'client' | 'store'>,
  key: RunKey,
  wish: RerunWish,
): Promise<Result<RunKey, RerunRefusal>> {
  const run = await findRun(context.client, key);
  if (run === undefined)
    return err({ reason: 'not-found', message: `run ${key.name} is gone from the cluster` });
  const newer = await findNewerTest(context.client, run);
  if (newer !== undefined) return err(superseded(key.name, newer));
  const attempt = await nextAttempt(context, run);
  const annotations = annotationsOf(wish, attempt);
  const again = await render(context.client, run, wish, annotations);
  if (!again.ok) return again;
  await createRun(context.client, again.value);
  const { name = '', labels = {} } = again.value.metadata;
  const session = labels[LABEL.session];
  if (session !== undefined && labels[LABEL.mode] !== 'merge') {
    await cancelSession(context.client, { namespace: key.namespace, session, except: [name] });
  }
  return ok({ namespace: key.namespace, name });
}

function superseded(name: string, { metadata }: PipelineRun): RerunRefusal {
  const message = `run ${metadata.name ?? ''} tests a later commit than ${name} and has not ended: wait for it, or cancel it`;
  return { reason: 'superseded', message };
}

async function render(
  client: KubeClient,
  run: PipelineRun,
  wish: RerunWish,
  annotations: Readonly<Record<string, string>>,
): Promise<Result<PipelineRun, RerunRefusal>> {
  const { attempt } = wish;
  if (wish.from === 'start') return renderAgain(run, wish, annotations);
  if (wish.from === 'failed') {
    return renderContinuedRun(run, { ...continueParams(wish), attempt, pending: true, annotations });
  }
  const { traceparent, catalog } = wish;
  return await repeatRun(client, run, { attempt, annotations, ...present({ traceparent, catalog }) });
}

async function nextAttempt({ store }: Pick<RunContext, 'store'>, run: PipelineRun): Promise<number> {
  const { host, repository, pullRequest, sha } = describeRun(run);
  if (pullRequest === undefined) return 1;
  return await countAttempts(store, { change: { host, repository, pullRequest }, sha });
}

function annotationsOf({ delivery, traceparent }: RerunWish, attempt: number): Record<string, string> {
  const spanContext = traceparent === undefined ? undefined : spanContextOf(traceparent);
  return {
    [ANNOTATION.attempt]: String(attempt),
    ...(delivery === undefined ? {} : { [ANNOTATION.delivery]: delivery }),
    ...(spanContext === undefined ? {} : { [ANNOTATION.pipelineRunSpanContext]: spanContext }),
  };
}

function continueParams({ traceparent }: RerunWish): { readonly params?: Readonly<Record<string, string>> } {
  return traceparent === undefined ? {} : { params: { traceparent } };
}

/** Refused for what has not ended, or must not be done again from the start. */
function modeToStart(run: PipelineRun): Result<(typeof MODES)[number], RerunRefusal> {
  const { labels = {}, name = '' } = run.metadata;
  const mode = MODES.find((known) => known === labels[LABEL.mode]);
  if (mode === undefined) {
    return err({ reason: 'other-mode', message: `run ${name} continued another: run that one again` });
  }
  if (phaseOf(run) !== 'finished') {
    return err({ reason: 'not-finished', message: `run ${name} has not ended yet` });
  }
  if (mode === 'merge' && succeededCondition(run)?.status === 'True') {
    return err({ reason: 'succeeded', message: `run ${name} released already: that is not done twice` });
  }
  return ok(mode);
}

/** The same params and workspaces under a new name: what was not trusted then is not trusted now. */
function renderAgain(
  run: PipelineRun,
  wish: RerunWish,
  added: Readonly<Record<string, string>>,
): Result<PipelineRun, RerunRefusal> {
  const mode = modeToStart(run);
  if (!mode.ok) return mode;
  const { labels = {}, annotations = {}, namespace } = run.metadata;
  const { team, stack, apps, repository, pullRequest, sha } = describeRun(run);
  const newName = runNameOf({
    mode: mode.value,
    team,
    stack,
    sha,
    attempt: wish.attempt,
    ...(apps.length === 0 ? {} : { app: apps.join(',') }),
    ...(repository === '' ? {} : { repository }),
    ...(pullRequest === undefined ? {} : { pullRequest }),
  });
  return ok({
    apiVersion: run.apiVersion,
    kind: run.kind,
    metadata: {
      name: newName,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { ...labels, [LABEL.run]: newName },
      annotations: { ...ownAnnotations(annotations, staleAnnotationsOf(run)), ...added },
    },
    spec: { ...run.spec, status: 'PipelineRunPending' },
  });
}

/** An installed catalog may be another one now: Tekton copies what is noted on the pipeline to the new run. */
function staleAnnotationsOf(run: PipelineRun): readonly string[] {
  return pinnedCatalogOf(run) === undefined ? CATALOG_ANNOTATIONS : [];
}

/** Without those of Tekton, Chains and kubectl, which speak of the old run. */
function ownAnnotations(
  annotations: Readonly<Record<string, string>>,
  stale: readonly string[],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(annotations).filter(([key]) => key.startsWith('tekton-dag.io/') && !stale.includes(key)),
  );
}
