/** Step deploy-baseline: the built images become the stack that everybody shares. */
import {
  ANNOTATION,
  parseImages,
  RUN_RECORD_KEYS,
  type Baseline,
  type App,
  type Images,
  type Plan,
  type PlannedBuild,
} from '@tekton-dag/model';
import { kinds, type KubeClient } from '@tekton-dag/kube';
import { z } from 'zod';
import { field } from '../field.ts';
import { FIELD_MANAGER } from '../kubernetes/field-manager.ts';
import { runEnv } from '../kubernetes/run-env.ts';
import { readPlan, readRunRecordPart, writeRunRecord } from '../kubernetes/run-record.ts';
import { waitForRollout } from '../kubernetes/wait-for-rollout.ts';
import { withKubeClient } from '../kubernetes/with-kube-client.ts';
import { mapBounded } from '../map-bounded.ts';
import { parseEnv } from '../parse-env.ts';
import { say } from '../say.ts';
import type { StepContext } from '../step-context.ts';
import { StepFailure } from '../step-failure.ts';
import { ROUTER_NAME } from '../traffic/router-name.ts';
import { serviceUrl } from '../traffic/service-url.ts';
import { applyRouter } from './apply-router.ts';
import { applyServices } from './apply-services.ts';
import { awaitAnswer } from './await-answer.ts';
import { ensureNamespace } from './ensure-namespace.ts';
import { renderDeployment } from './render-app-objects.ts';

const envSchema = z.object({
  ...runEnv,
  TEKTON_DAG_IMAGE: field.text,
  ROLLOUT_TIMEOUT_SECONDS: field.positiveInteger.default(300),
});

interface BaselineRoom {
  readonly context: StepContext;
  readonly client: KubeClient;
  readonly plan: Plan;
  readonly images: Images;
  readonly env: z.infer<typeof envSchema>;
}

const PARALLEL_ROLLOUTS = 8;
const ANSWER_TIMEOUT_MS = 30_000;

const groupByNamespace = ({ stackSpec, namespaces }: Plan): Map<string, App[]> =>
  Map.groupBy(stackSpec.apps, ({ name }) => namespaces[name] ?? '');

const deployApp = async (
  { client, plan, images, env, context }: BaselineRoom,
  build: PlannedBuild,
): Promise<[string, Baseline['apps'][string]]> => {
  const app = plan.stackSpec.apps.find(({ name }) => name === build.app);
  const image = images[build.app];
  if (app === undefined || image === undefined) {
    throw new StepFailure(`images.json has no image of ${build.app}`, { code: 'RUN_RECORD_INCOMPLETE' });
  }
  const namespace = plan.namespaces[app.name] ?? '';
  const deployments = client.resource(kinds.deployments, namespace);
  const before = await deployments.get(app.name);
  await deployments.apply(renderDeployment(plan, { app, build, image, run: env.RUN_NAME }), FIELD_MANAGER);
  const timeoutMs = env.ROLLOUT_TIMEOUT_SECONDS * 1000;
  await waitForRollout(client, { namespace, deployment: app.name, timeoutMs, signal: context.signal });
  const changed = before?.metadata?.annotations?.[ANNOTATION.imageDigest] !== image.digest;
  say(
    context,
    `${app.name}: ${image.image}@${image.digest} is ready in ${namespace}${changed ? '' : ' (as before)'}`,
  );
  return [app.name, { namespace, image: image.image, digest: image.digest, changed }];
};

const deployNamespaces = async ({ client, plan, env, context }: BaselineRoom): Promise<void> => {
  for (const [namespace, apps] of groupByNamespace(plan)) {
    await ensureNamespace(client, { name: namespace, runsNamespace: env.RUN_NAMESPACE });
    await applyServices(client, { plan, run: env.RUN_NAME, namespace, apps });
    await applyRouter(client, namespace, env.TEKTON_DAG_IMAGE);
    say(
      context,
      `namespace ${namespace}: Services, routes and router for ${apps.map(({ name }) => name).join(', ')}`,
    );
  }
};

const awaitRouters = async ({ client, plan, env, context }: BaselineRoom): Promise<void> => {
  const timeoutMs = env.ROLLOUT_TIMEOUT_SECONDS * 1000;
  for (const namespace of groupByNamespace(plan).keys()) {
    await waitForRollout(client, { namespace, deployment: ROUTER_NAME, timeoutMs, signal: context.signal });
  }
};

const checkAnswer = async ({ client, plan, context }: BaselineRoom, app: string): Promise<void> => {
  const url = await serviceUrl(client, plan.namespaces[app] ?? '', app);
  const status = await awaitAnswer(url, { app, timeoutMs: ANSWER_TIMEOUT_MS, signal: context.signal });
  say(context, `${app}: answers through the router with HTTP ${status}`);
};

/** Writes `baseline.json`: app to what was deployed. */
export const deployBaseline = async (context: StepContext): Promise<void> => {
  const env = parseEnv(envSchema, context.env);
  const run = { namespace: env.RUN_NAMESPACE, name: env.RUN_NAME };
  await withKubeClient(context, async (client) => {
    const plan = await readPlan(client, run);
    const images = await readRunRecordPart(client, run, { key: RUN_RECORD_KEYS.images, parse: parseImages });
    const room = { context, client, plan, images, env };
    await deployNamespaces(room);
    const deployed = await mapBounded(
      plan.buildApps,
      PARALLEL_ROLLOUTS,
      async (build) => await deployApp(room, build),
    );
    await awaitRouters(room);
    await mapBounded(plan.buildApps, PARALLEL_ROLLOUTS, async ({ app }) => await checkAnswer(room, app));
    const baseline: Baseline = { apps: Object.fromEntries(deployed) };
    await writeRunRecord(client, run, { [RUN_RECORD_KEYS.baseline]: JSON.stringify(baseline) });
  });
};
