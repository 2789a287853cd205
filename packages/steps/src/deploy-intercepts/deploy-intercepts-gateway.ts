/** Step deploy-intercepts-gateway: the pull request's pods, reachable by tagged requests alone. */
import {
  parseImages,
  RUN_RECORD_KEYS,
  type App,
  type Images,
  type Intercepts,
  type Plan,
  type PlannedBuild,
} from '@tekton-dag/model';
import { kinds, type Deployment, type KubeClient } from '@tekton-dag/kube';
import { z } from 'zod';
import { field } from '../field.ts';
import { FIELD_MANAGER } from '../kubernetes/field-manager.ts';
import { runEnv } from '../kubernetes/run-env.ts';
import { httpRoutes } from '../kubernetes/run-kinds.ts';
import { readPlan, readRunRecordPart, writeRunRecord } from '../kubernetes/run-record.ts';
import { waitForRollout } from '../kubernetes/wait-for-rollout.ts';
import { withKubeClient } from '../kubernetes/with-kube-client.ts';
import { mapBounded } from '../map-bounded.ts';
import { parseEnv } from '../parse-env.ts';
import { say } from '../say.ts';
import type { StepContext } from '../step-context.ts';
import { StepFailure } from '../step-failure.ts';
import { serviceUrl } from '../traffic/service-url.ts';
import { sessionHeaders, sessionOfPlan } from '../traffic/session-headers.ts';
import { awaitTaggedAnswer } from './await-tagged-answer.ts';
import {
  interceptName,
  renderInterceptDeployment,
  renderInterceptRoute,
  renderInterceptService,
} from './render-intercept.ts';

const envSchema = z.object({
  ...runEnv,
  ROLLOUT_TIMEOUT_SECONDS: field.positiveInteger.default(300),
  ARRIVAL_TIMEOUT_SECONDS: field.positiveInteger.default(30),
});

interface InterceptRoom {
  readonly context: StepContext;
  readonly client: KubeClient;
  readonly plan: Plan;
  readonly images: Images;
  readonly env: z.infer<typeof envSchema>;
}

const PARALLEL_INTERCEPTS = 8;
const MAX_SERVICE_NAME_LENGTH = 63;

const requireApp = (plan: Plan, name: string): App => {
  const app = plan.stackSpec.apps.find((candidate) => candidate.name === name);
  if (app !== undefined) return app;
  throw new StepFailure(`the plan has no app ${name}`, { code: 'RUN_RECORD_INVALID' });
};

const requireBaseline = async ({ client, plan }: InterceptRoom, app: string): Promise<Deployment> => {
  const namespace = plan.namespaces[app] ?? '';
  const baseline = await client.resource(kinds.deployments, namespace).get(app);
  if (baseline !== undefined) return baseline;
  throw new StepFailure(`app ${app} has no baseline: there is no Deployment ${namespace}/${app}`, {
    code: 'BASELINE_MISSING',
    hint: 'bootstrap the stack first (pipeline stack-bootstrap)',
  });
};

const checkName = (name: string): void => {
  if (name.length <= MAX_SERVICE_NAME_LENGTH) return;
  throw new StepFailure(`Service name ${name} has more than ${MAX_SERVICE_NAME_LENGTH} characters`, {
    code: 'NAME_TOO_LONG',
    hint: 'shorten the name of the app',
  });
};

const applyIntercept = async (room: InterceptRoom, build: PlannedBuild, session: string): Promise<void> => {
  const { client, plan, images, env } = room;
  const app = requireApp(plan, build.app);
  const image = images[build.app];
  if (image === undefined) {
    throw new StepFailure(`images.json has no image of ${build.app}`, { code: 'RUN_RECORD_INCOMPLETE' });
  }
  const baseline = await requireBaseline(room, app.name);
  const input = { plan, app, run: env.RUN_NAME, session, image, sha: build.revision, baseline };
  const namespace = plan.namespaces[app.name];
  // Services come before pods, and the route comes when the pods are ready.
  await client.resource(kinds.services, namespace).apply(renderInterceptService(input), FIELD_MANAGER);
  await client.resource(kinds.deployments, namespace).apply(renderInterceptDeployment(input), FIELD_MANAGER);
  await waitForRollout(client, {
    namespace: namespace ?? '',
    deployment: interceptName(app.name, session),
    timeoutMs: env.ROLLOUT_TIMEOUT_SECONDS * 1000,
    signal: room.context.signal,
  });
  await client.resource(httpRoutes, namespace).apply(renderInterceptRoute(input), FIELD_MANAGER);
};

const intercept = async (room: InterceptRoom, build: PlannedBuild): Promise<Intercepts[number]> => {
  const { client, plan, context, env } = room;
  const session = sessionOfPlan(plan);
  const name = interceptName(build.app, session);
  checkName(name);
  await applyIntercept(room, build, session);
  const namespace = plan.namespaces[build.app] ?? '';
  const pod = await awaitTaggedAnswer(await serviceUrl(client, namespace, build.app), {
    app: build.app,
    service: name,
    headers: sessionHeaders(plan),
    timeoutMs: env.ARRIVAL_TIMEOUT_SECONDS * 1000,
    signal: context.signal,
  });
  say(context, `${build.app}: requests with ${plan.headerName}: ${session} reach pod ${pod}`);
  return { app: build.app, namespace, service: name, deployment: name, route: name, pod };
};

/** Writes `intercepts.json`. */
export const deployInterceptsGateway = async (context: StepContext): Promise<void> => {
  const env = parseEnv(envSchema, context.env);
  const run = { namespace: env.RUN_NAMESPACE, name: env.RUN_NAME };
  await withKubeClient(context, async (client) => {
    const plan = await readPlan(client, run);
    const images = await readRunRecordPart(client, run, { key: RUN_RECORD_KEYS.images, parse: parseImages });
    const room = { context, client, plan, images, env };
    for (const { app } of plan.buildApps) await requireBaseline(room, app);
    const intercepts = await mapBounded(
      plan.buildApps,
      PARALLEL_INTERCEPTS,
      async (build) => await intercept(room, build),
    );
    await writeRunRecord(client, run, { [RUN_RECORD_KEYS.intercepts]: JSON.stringify(intercepts) });
  });
};
