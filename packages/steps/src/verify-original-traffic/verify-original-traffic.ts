/** Step verify-original-traffic: proves that requests of no session are answered as before. */
import {
  parseIntercepts,
  RUN_RECORD_KEYS,
  type Intercepts,
  type OriginalTrafficVerdict,
  type Plan,
} from '@tekton-dag/model';
import type { KubeClient } from '@tekton-dag/kube';
import { z } from 'zod';
import { runEnv } from '../kubernetes/run-env.ts';
import { readPlan, readRunRecordPart, writeRunRecord } from '../kubernetes/run-record.ts';
import { withKubeClient } from '../kubernetes/with-kube-client.ts';
import { mapBounded } from '../map-bounded.ts';
import { parseEnv } from '../parse-env.ts';
import { say } from '../say.ts';
import type { StepContext } from '../step-context.ts';
import { StepFailure } from '../step-failure.ts';
import { openRouterAdmin } from '../traffic/router-admin.ts';
import { sendRequest, type Answer, type NoAnswer } from '../traffic/send-request.ts';
import { serviceUrl } from '../traffic/service-url.ts';
import { judgeTraffic } from './judge-traffic.ts';

const envSchema = z.object(runEnv);
const PARALLEL_REQUESTS = 8;

/** The apps on the way of the session, and all entries. */
const appsToCheck = ({ chain, entries, changedApps, order }: Plan): string[] =>
  order.filter((app) => chain.includes(app) || entries.includes(app) || changedApps.includes(app));

const askAll = async (
  client: KubeClient,
  plan: Plan,
  context: StepContext,
): Promise<Map<string, Answer | NoAnswer>> => {
  const answers = await mapBounded(appsToCheck(plan), PARALLEL_REQUESTS, async (app) => {
    const url = await serviceUrl(client, plan.namespaces[app] ?? '', app);
    const entry: [string, Answer | NoAnswer] = [app, await sendRequest(`${url}/`, {}, context.signal)];
    return entry;
  });
  return new Map(answers);
};

const observe = async (
  client: KubeClient,
  plan: Plan,
  { intercepts, context }: { intercepts: Intercepts; context: StepContext },
): Promise<OriginalTrafficVerdict> => {
  const namespaces = Object.values(plan.namespaces);
  const admin = await openRouterAdmin(client, { namespaces, intercepts, signal: context.signal });
  const interceptNames = intercepts.map(({ service }) => service);
  const before = await admin.counters();
  const answers = await askAll(client, plan, context);
  const after = await admin.counters();
  const apps = [...answers].map(([app, answer]) => {
    const service = `${plan.namespaces[app] ?? ''}/${app}`;
    return judgeTraffic({ app, service, intercepts: interceptNames, answer, before, after });
  });
  return { verdict: apps.every(({ verdict }) => verdict === 'passed') ? 'passed' : 'failed', apps };
};

/** Writes `original-traffic.json` whatever the verdict, and fails when it is not `passed`. */
export const verifyOriginalTraffic = async (context: StepContext): Promise<void> => {
  const env = parseEnv(envSchema, context.env);
  const run = { namespace: env.RUN_NAMESPACE, name: env.RUN_NAME };
  await withKubeClient(context, async (client) => {
    const plan = await readPlan(client, run);
    const part = { key: RUN_RECORD_KEYS.intercepts, parse: parseIntercepts };
    const intercepts = await readRunRecordPart(client, run, part);
    const verdict = await observe(client, plan, { intercepts, context });
    await writeRunRecord(client, run, { [RUN_RECORD_KEYS.originalTraffic]: JSON.stringify(verdict) });
    for (const { app, verdict: result, detail } of verdict.apps) say(context, `${result} ${app}: ${detail}`);
    const failed = verdict.apps.filter((app) => app.verdict === 'failed');
    if (failed.length === 0) return;
    throw new StepFailure(
      `untagged traffic: ${failed.map(({ app, detail }) => `${app}: ${detail}`).join('; ')}`,
      {
        code: 'ORIGINAL_TRAFFIC_TOUCHED',
        hint: 'kubectl get httproute -o yaml in the namespace of the app',
      },
    );
  });
};
