/** Carries out one stored decision. Every step may be done twice: names are derived, cancelling and deleting end in one state. */

import type { Stack, Team } from '@tekton-dag/model';
import type { KubeClient } from '@tekton-dag/kube';
import type { Delivery, Store } from '@tekton-dag/store';
import type { PlatformSnapshot } from '../platform/platform-snapshot.ts';
import { appNamespaces } from '../runs/app-namespaces.ts';
import { cancelSession } from '../runs/cancel-session.ts';
import { cleanSession } from '../runs/clean-session.ts';
import { createRun } from '../runs/create-run.ts';
import { renderRun } from '../runs/render-run.ts';
import type { RunDefaults } from '../runs/run-params.ts';
import type { ChangeRunRequest } from '../runs/run-request.ts';
import { readDecision } from './accept-delivery.ts';
import type { DecidedTarget, Decision, RunTarget } from './decision.ts';

export interface DispatchContext {
  readonly client: KubeClient;
  readonly store: Store;
  readonly snapshot: () => PlatformSnapshot;
  readonly defaults: RunDefaults;
  readonly onRunCreated: (
    run: { readonly name: string; readonly mode: 'pr' | 'merge' },
    delivery: Delivery,
  ) => void;
}

/** `wait`: all was asked for, and something in the cluster has yet to happen. */
export type DispatchOutcome =
  { readonly kind: 'done' } | { readonly kind: 'wait'; readonly afterMs: number; readonly reason: string };

type RunDecision = Extract<Decision, { kind: 'test' | 'release' }>;

/** What makes an earlier commit of the pull request old. */
const PUSH_ACTIONS = ['opened', 'synchronize', 'reopened'] as const;
const STOP_POLL_MS = 500;
/** A run that does not stop must not keep a closed pull request's pods for ever. */
const STOP_DEADLINE_MS = 15 * 60_000;

/** Throws what the API or the store says; the caller decides what that means for the delivery. */
export async function dispatchDelivery(
  context: DispatchContext,
  delivery: Delivery,
): Promise<DispatchOutcome> {
  const decision = readDecision(delivery);
  if (decision.kind === 'ignored') return { kind: 'done' };
  if (decision.kind === 'test') return dispatchTest(context, delivery, decision);
  if (decision.kind === 'release') await createRuns(context, delivery, decision);
  return endSessions(context, delivery, decision.targets);
}

/** A change that was overtaken while it waited gets no run; older runs of the pull request make room for this one. */
async function dispatchTest(
  context: DispatchContext,
  delivery: Delivery,
  decision: Extract<Decision, { kind: 'test' }>,
): Promise<DispatchOutcome> {
  if (await context.store.deliveries.hasNewer(delivery, PUSH_ACTIONS)) return { kind: 'done' };
  await createRuns(context, delivery, decision);
  // A pull request that was opened a moment ago has no older runs to look for.
  if (delivery.action === 'opened') return { kind: 'done' };
  await cancelSessions(
    context.client,
    decision.targets,
    decision.targets.map(({ runName }) => runName),
  );
  return { kind: 'done' };
}

async function createRuns(
  context: DispatchContext,
  delivery: Delivery,
  decision: RunDecision,
): Promise<void> {
  for (const target of decision.targets) {
    const request = toRequest(decision, target, requireTeam(context.snapshot(), target.team));
    const run = renderRun({ ...request, delivery: delivery.id }, context.defaults);
    const outcome = await createRun(context.client, run);
    if (outcome === 'created') context.onRunCreated({ name: request.name, mode: request.mode }, delivery);
  }
}

function toRequest(decision: RunDecision, target: RunTarget, team: Team): Omit<ChangeRunRequest, 'delivery'> {
  return {
    mode: decision.kind === 'test' ? 'pr' : 'merge',
    name: target.runName,
    team,
    stack: target.stack,
    stackFile: target.stackFile,
    apps: target.apps,
    trusted: true,
    attempt: 1,
    pullRequest: decision.change.pullRequest,
    host: decision.change.host,
    repository: decision.change.repository,
    sha: decision.sha,
    session: target.session,
    appRevisions: Object.fromEntries(target.apps.map((app) => [app, decision.sha])),
    versionOverrides: {},
    forceRebuild: false,
  };
}

/** Cancels what runs, waits until it has stopped, then deletes what it left. */
async function endSessions(
  context: DispatchContext,
  delivery: Delivery,
  targets: readonly DecidedTarget[],
): Promise<DispatchOutcome> {
  const open = await cancelSessions(context.client, targets, []);
  const overdue = Date.now() - delivery.receivedAtMs > STOP_DEADLINE_MS;
  if (open.length > 0 && !overdue) {
    return { kind: 'wait', afterMs: STOP_POLL_MS, reason: `waiting for ${open.join(', ')} to stop` };
  }
  for (const { session, stackFile } of targets) {
    const namespaces = namespacesOf(
      context.snapshot().stacks.get(stackFile),
      context.defaults.defaultNamespace,
    );
    await cleanSession(context.client, session, namespaces);
  }
  return { kind: 'done' };
}

function namespacesOf(stack: Stack | undefined, defaultNamespace: string): readonly string[] {
  return stack === undefined ? [defaultNamespace] : appNamespaces(stack, defaultNamespace);
}

async function cancelSessions(
  client: KubeClient,
  targets: readonly DecidedTarget[],
  except: readonly string[],
): Promise<readonly string[]> {
  const scopes = new Map(
    targets.map(({ namespace, session }) => [`${namespace}/${session}`, { namespace, session }]),
  );
  const open = await Promise.all(
    [...scopes.values()].map((scope) => cancelSession(client, { ...scope, except })),
  );
  return open.flat();
}

function requireTeam(snapshot: PlatformSnapshot, name: string): Team {
  const team = snapshot.teams.get(name);
  if (team === undefined) throw new Error(`team ${name} is not loaded`);
  return team;
}
