/** Carries out one stored decision. Every step may be done twice: names are derived, cancelling and deleting end in one state. */

import type { Delivery, PullRequestKey, PullRequestRow } from '@tekton-dag/store';
import type { Change } from '../forge/change.ts';
import { countAttempts } from '../runs/count-attempts.ts';
import { endSessions } from '../runs/end-sessions.ts';
import { describeTarget, makeRuns } from '../runs/make-runs.ts';
import { rerunDependents } from '../runs/rerun-dependents.ts';
import type { RunContext } from '../runs/run-context.ts';
import { testChange } from '../runs/test-change.ts';
import { readDecision } from './accept-delivery.ts';
import type {
  CloseDecision,
  CommandDecision,
  Decision,
  IgnoredDecision,
  NoRunReason,
  ReleaseDecision,
  TestDecision,
} from './decision.ts';
import type { DeliveryOutcome } from './delivery-outcome.ts';

export interface DispatchContext extends RunContext {
  readonly executeCommands: (delivery: Delivery, decision: CommandDecision) => Promise<DeliveryOutcome>;
}

/** `wait`: all was asked for, and something in the cluster has yet to happen. */
export type DispatchResult =
  | { readonly kind: 'done'; readonly outcome: DeliveryOutcome }
  | { readonly kind: 'wait'; readonly afterMs: number; readonly reason: string };

/** What makes an earlier commit of the pull request old. */
const PUSH_ACTIONS = ['opened', 'synchronize', 'reopened', 'ready_for_review', 'edited'] as const;
const STOP_POLL_MS = 500;
/** A run that does not stop must not keep a closed pull request's pods for ever. */
const STOP_DEADLINE_MS = 15 * 60_000;
/** What the cluster refuses somebody may mend; nobody waits for the run longer. */
const PATIENCE_MS = 10 * 60_000;

/** Throws what the API, the store or the forge says; the caller decides what that means for the delivery. */
export async function dispatchDelivery(
  context: DispatchContext,
  delivery: Delivery,
): Promise<DispatchResult> {
  const decision = readDecision(delivery);
  const result = await carryOut(context, delivery, decision);
  await requestReport(context, decision);
  return result;
}

async function carryOut(
  context: DispatchContext,
  delivery: Delivery,
  decision: Decision,
): Promise<DispatchResult> {
  if (decision.kind === 'ignored') return done(await dispatchIgnored(context, decision));
  if (decision.kind === 'test') return done(await dispatchTest(context, delivery, decision));
  if (decision.kind === 'release') return await dispatchRelease(context, delivery, decision);
  if (decision.kind === 'close') return await dispatchClose(context, delivery, decision);
  return done(await context.executeCommands(delivery, decision));
}

/** There is a pull request that people look at: what is known of it is kept. */
async function dispatchIgnored(
  context: DispatchContext,
  { change, targets = [], reason, detail }: IgnoredDecision,
): Promise<DeliveryOutcome> {
  if (change !== undefined) {
    await keepFacts(context, change, { targets, state: 'open' });
  }
  return skipped(reason, detail);
}

/** A change that was overtaken while it waited gets no run. */
async function dispatchTest(
  context: DispatchContext,
  delivery: Delivery,
  decision: TestDecision,
): Promise<DeliveryOutcome> {
  const { change, sha, targets, cause } = decision;
  const [isOld, row] = await Promise.all([
    context.store.deliveries.hasNewer(delivery, PUSH_ACTIONS),
    // What a merge queue made is no state of the pull request.
    cause === 'pull-request' ? keepFacts(context, change, { targets, state: 'open' }) : undefined,
  ]);
  if (isOld) return supersededBy('a newer push');
  const obstacle = row === undefined ? undefined : obstacleTo(change, row);
  if (obstacle !== undefined) return obstacle;
  const outcome = await testChange(context, {
    change,
    sha,
    targets,
    trusted: !change.fromFork,
    ...traceOf(delivery),
    attempt: decision.attempt === 1 ? 1 : await countAttempts(context.store, decision),
    delivery: delivery.id,
    isFirst: delivery.action === 'opened',
    patientUntilMs: delivery.receivedAtMs + PATIENCE_MS,
  });
  if (delivery.action !== 'opened') await rerunDependents(context, delivery, change);
  return outcome;
}

/** What is known by now, from deliveries that came later or from people, and keeps the commit from being tested. */
function obstacleTo(change: Change, row: PullRequestRow): DeliveryOutcome | undefined {
  const isOlder = row.updatedAtMs > change.updatedAtMs;
  if (isOlder && row.state === 'closed') return supersededBy('the end of the pull request');
  if (isOlder && row.headSha !== change.headSha) return supersededBy(`commit ${row.headSha}`);
  if (row.hold !== undefined) return skipped('hold', `held by ${row.hold.by}`);
  if (change.fromFork && row.approval?.sha !== change.headSha) {
    return skipped('fork', 'a maintainer has to allow this commit first');
  }
  return undefined;
}

/** Makes the release, and ends the test runs. */
async function dispatchRelease(
  context: DispatchContext,
  delivery: Delivery,
  { change, sha, targets }: ReleaseDecision,
): Promise<DispatchResult> {
  await keepFacts(context, change, { targets, state: 'closed' });
  const wanted = targets.map((target) => ({
    ...describeTarget(target),
    ...traceOf(delivery),
    mode: 'merge' as const,
    apps: target.apps,
    appRevisions: Object.fromEntries(target.apps.map((app) => [app, sha])),
    trusted: true,
    dependsOn: [],
    pullRequest: change.pullRequest,
    host: change.host,
    repository: change.repository,
    sha,
    attempt: 1,
    delivery: delivery.id,
  }));
  const { runs, skipped: refused } = await makeRuns(context, wanted, delivery.receivedAtMs + PATIENCE_MS);
  const outcome: DeliveryOutcome = { kind: 'runs', runs: [...runs], skipped: [...refused], notes: [] };
  return await endTests(context, delivery, targets, outcome);
}

async function dispatchClose(
  context: DispatchContext,
  delivery: Delivery,
  { change, targets }: CloseDecision,
): Promise<DispatchResult> {
  await keepFacts(context, change, { targets, state: 'closed' });
  return await endTests(context, delivery, targets, { kind: 'closed' });
}

async function endTests(
  context: DispatchContext,
  delivery: Delivery,
  targets: CloseDecision['targets'],
  outcome: DeliveryOutcome,
): Promise<DispatchResult> {
  const isOverdue = Date.now() - delivery.receivedAtMs > STOP_DEADLINE_MS;
  const open = await endSessions(context, targets, { evenIfOpen: isOverdue });
  if (open.length === 0 || isOverdue) return done(outcome);
  return { kind: 'wait', afterMs: STOP_POLL_MS, reason: `waiting for ${open.join(', ')} to stop` };
}

/** The row as it is afterwards: newer facts stay. */
async function keepFacts(
  { store }: DispatchContext,
  change: Change,
  rest: {
    readonly targets: readonly { readonly team: string }[];
    readonly state: 'open' | 'closed';
  },
): Promise<PullRequestRow> {
  const { pullRequest, dependsOn, ...facts } = change;
  return await store.pullRequests.upsert({
    ...facts,
    number: pullRequest,
    dependsOn: dependsOn
      .filter(({ host }) => host === change.host)
      .map(({ repository, pullRequest: number }) => ({ repository, number })),
    teams: [...new Set(rest.targets.map(({ team }) => team))],
    state: rest.state,
  });
}

/** Only where there is somebody to tell: a host whose forge we may ask. */
async function requestReport({ store, forges }: DispatchContext, decision: Decision): Promise<void> {
  const about = decision.kind === 'command' ? decision.command : decision.change;
  if (about === undefined || forges.clientFor(about.host) === undefined) return;
  const { host, repository, pullRequest } = about;
  const headSha = 'headSha' in about ? about.headSha : await headShaOf(store, keyOf(about));
  if (headSha === undefined) return;
  await store.reports.request({ host, repository, pullRequest }, { headSha, nowMs: Date.now() });
}

async function headShaOf(
  { pullRequests }: DispatchContext['store'],
  key: PullRequestKey,
): Promise<string | undefined> {
  const headSha = (await pullRequests.get(key))?.headSha;
  return headSha === '' ? undefined : headSha;
}

function keyOf({ host, repository, pullRequest }: Pick<Change, 'host' | 'repository' | 'pullRequest'>) {
  return { host, repository, number: pullRequest };
}

function traceOf({ traceparent }: Delivery): { readonly traceparent?: string } {
  return traceparent === '' ? {} : { traceparent };
}

function done(outcome: DeliveryOutcome): DispatchResult {
  return { kind: 'done', outcome };
}

function skipped(reason: NoRunReason, detail: string): DeliveryOutcome {
  return { kind: 'skipped', reason, detail };
}

function supersededBy(what: string): DeliveryOutcome {
  return skipped('superseded', `overtaken by ${what}`);
}
