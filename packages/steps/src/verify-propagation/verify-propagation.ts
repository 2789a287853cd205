/** Step verify-propagation: proves hop by hop that the session travels, or names the edge that dropped it. */
import { setTimeout as delay } from 'node:timers/promises';
import { RUN_RECORD_KEYS, type Plan, type PropagationVerdict } from '@tekton-dag/model';
import { z } from 'zod';
import { field } from '../field.ts';
import { runEnv } from '../kubernetes/run-env.ts';
import { readIntercepts, readPlan, writeRunRecord } from '../kubernetes/run-record.ts';
import { withKubeClient } from '../kubernetes/with-kube-client.ts';
import { parseEnv } from '../parse-env.ts';
import { say } from '../say.ts';
import type { StepContext } from '../step-context.ts';
import { StepFailure } from '../step-failure.ts';
import { awaitRoutes } from '../traffic/await-routes.ts';
import type { Evidence } from '../traffic/evidence.ts';
import { openRouterAdmin, type Counters, type RouterAdmin } from '../traffic/router-admin.ts';
import { sessionOfPlan } from '../traffic/session-headers.ts';
import { judgeApps } from './judge-apps.ts';
import { guiltyEdges, judgeEdges } from './judge-edges.ts';
import { sendTraces, type SentTrace } from './send-traces.ts';

const envSchema = z.object({
  ...runEnv,
  EVIDENCE_TIMEOUT_MS: field.positiveInteger.default(2_000),
  /** A router that hears nothing from the API for this long is not merely late. */
  ROUTES_TIMEOUT_MS: field.positiveInteger.default(30_000),
});

const RETRY_INTERVAL_MS = 100;

const gather = async (admin: RouterAdmin, traces: readonly SentTrace[]): Promise<Evidence> => {
  const all = await Promise.all(traces.map(async ({ traceId }) => await admin.evidence(traceId)));
  return { hops: all.flatMap(({ hops }) => hops), untagged: all.flatMap(({ untagged }) => untagged) };
};

const untaggedByService = (plan: Plan, counters: Counters): Map<string, number> =>
  new Map(
    plan.order.map((app) => {
      const backends =
        counters.get(`${plan.namespaces[app] ?? ''}/${app}`) ?? new Map<string, { untagged: number }>();
      return [app, [...backends.values()].reduce((sum, { untagged }) => sum + untagged, 0)];
    }),
  );

const difference = (
  after: ReadonlyMap<string, number>,
  before: ReadonlyMap<string, number>,
): Map<string, number> => new Map([...after].map(([app, count]) => [app, count - (before.get(app) ?? 0)]));

const judge = (
  plan: Plan,
  traces: readonly SentTrace[],
  { evidence, untaggedRequests }: { evidence: Evidence; untaggedRequests: ReadonlyMap<string, number> },
): PropagationVerdict => {
  const session = sessionOfPlan(plan);
  const { headerName, baggageKey, entries } = plan;
  const sorted = plan.requiredEdges.toSorted(
    (a, b) => plan.order.indexOf(a.caller) - plan.order.indexOf(b.caller),
  );
  const edges = judgeEdges({
    session,
    headerName,
    baggageKey,
    entries,
    edges: sorted,
    evidence,
    untaggedRequests,
  });
  const apps = judgeApps(
    plan.buildApps.map(({ app }) => app),
    { session, hops: evidence.hops },
  );
  const passed = [...edges, ...apps].every(({ verdict }) => verdict === 'passed');
  return {
    verdict: passed ? 'passed' : 'failed',
    session,
    traceIds: traces.map(({ traceId }) => traceId),
    edges,
    apps,
  };
};

/** Calls that an app makes after it has answered come late; so a failing verdict is looked at again for a while. */
const observe = async (
  plan: Plan,
  {
    admin,
    timeoutMs,
    context,
    send,
  }: {
    admin: RouterAdmin;
    timeoutMs: number;
    context: StepContext;
    send: () => Promise<SentTrace[]>;
  },
): Promise<PropagationVerdict> => {
  const before = untaggedByService(plan, await admin.counters());
  const traces = await send();
  for (const { entry, traceId, status } of traces)
    say(context, `entry ${entry}: HTTP ${status}, trace ${traceId}`);
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const evidence = await gather(admin, traces);
    const untaggedRequests = difference(untaggedByService(plan, await admin.counters()), before);
    const verdict = judge(plan, traces, { evidence, untaggedRequests });
    if (verdict.verdict === 'passed' || performance.now() > deadlineMs) return verdict;
    await delay(RETRY_INTERVAL_MS, undefined, { signal: context.signal });
  }
};

const describe = (context: StepContext, verdict: PropagationVerdict): void => {
  for (const edge of verdict.edges)
    say(context, `${edge.verdict} ${edge.caller} -> ${edge.callee}: ${edge.detail}`);
  for (const app of verdict.apps) say(context, `${app.verdict} ${app.app}: ${app.detail}`);
};

const failureOf = (verdict: PropagationVerdict): StepFailure => {
  const edges = guiltyEdges(verdict.edges).map(
    ({ caller, callee, detail }) => `edge ${caller} -> ${callee}: ${detail}`,
  );
  const apps = verdict.apps
    .filter((app) => app.verdict === 'failed')
    .map(({ app, detail }) => `app ${app}: ${detail}`);
  return new StepFailure(`the session was dropped: ${(edges.length > 0 ? edges : apps).join('; ')}`, {
    code: 'SESSION_DROPPED',
    hint: 'the caller must copy header and baggage of the incoming request to its own requests',
  });
};

/** Writes `propagation.json` whatever the verdict, and fails when it is not `passed`. */
export const verifyPropagation = async (context: StepContext): Promise<void> => {
  const env = parseEnv(envSchema, context.env);
  const run = { namespace: env.RUN_NAMESPACE, name: env.RUN_NAME };
  await withKubeClient(context, async (client) => {
    const plan = await readPlan(client, run);
    const intercepts = await readIntercepts(client, run);
    const namespaces = Object.values(plan.namespaces);
    const admin = await openRouterAdmin(client, { namespaces, intercepts, signal: context.signal });
    await awaitRoutes(admin, { intercepts, timeoutMs: env.ROUTES_TIMEOUT_MS, signal: context.signal });
    const send = async (): Promise<SentTrace[]> => await sendTraces(client, plan, context.signal);
    const verdict = await observe(plan, { admin, timeoutMs: env.EVIDENCE_TIMEOUT_MS, context, send });
    await writeRunRecord(client, run, { [RUN_RECORD_KEYS.propagation]: JSON.stringify(verdict) });
    describe(context, verdict);
    if (verdict.verdict === 'failed') throw failureOf(verdict);
  });
};
