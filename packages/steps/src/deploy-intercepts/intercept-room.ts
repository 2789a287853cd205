/** What every step that deploys intercepts starts from: plan, images and the baseline of each app. */
import { parseImages, RUN_RECORD_KEYS, type App, type Images, type Plan } from '@tekton-dag/model';
import { kinds, type Deployment, type KubeClient } from '@tekton-dag/kube';
import { z } from 'zod';
import { field } from '../field.ts';
import { runEnv } from '../kubernetes/run-env.ts';
import { readPlan, readRunRecordPart, type RunIdentity } from '../kubernetes/run-record.ts';
import type { StepContext } from '../step-context.ts';
import { StepFailure } from '../step-failure.ts';
import { checkDeployParams, deployParamsEnv } from './check-deploy-params.ts';

/** Params of all tasks that deploy intercepts. */
export const interceptEnv = {
  ...runEnv,
  ...deployParamsEnv,
  ROLLOUT_TIMEOUT_SECONDS: field.positiveInteger.default(300),
  ARRIVAL_TIMEOUT_SECONDS: field.positiveInteger.default(30),
  /** File of the task's result `deployed-pods`; empty: nobody asked. */
  DEPLOYED_PODS_PATH: field.optionalText,
};
const interceptEnvSchema = z.object(interceptEnv);
export type InterceptEnv = z.infer<typeof interceptEnvSchema>;

export interface InterceptRoom {
  readonly context: StepContext;
  readonly client: KubeClient;
  readonly run: RunIdentity;
  readonly plan: Plan;
  readonly images: Images;
  readonly env: InterceptEnv;
}

/** The app of the plan, or RUN_RECORD_INVALID. */
export const requireApp = (plan: Plan, name: string): App => {
  const app = plan.stackSpec.apps.find((candidate) => candidate.name === name);
  if (app !== undefined) return app;
  throw new StepFailure(`the plan has no app ${name}`, { code: 'RUN_RECORD_INVALID' });
};

/** The baseline's Deployment, or BASELINE_MISSING. */
export const requireBaseline = async (
  { client, plan }: Pick<InterceptRoom, 'client' | 'plan'>,
  app: string,
): Promise<Deployment> => {
  const namespace = plan.namespaces[app] ?? '';
  const baseline = await client.resource(kinds.deployments, namespace).get(app);
  if (baseline !== undefined) return baseline;
  throw new StepFailure(`app ${app} has no baseline: there is no Deployment ${namespace}/${app}`, {
    code: 'BASELINE_MISSING',
    hint: 'bootstrap the stack first (pipeline stack-bootstrap)',
  });
};

/** Reads the run record, compares the params with it, and finds every baseline before anything is made. */
export const openInterceptRoom = async (
  context: StepContext,
  client: KubeClient,
  env: InterceptEnv,
): Promise<InterceptRoom> => {
  const run = { namespace: env.RUN_NAMESPACE, name: env.RUN_NAME };
  const plan = await readPlan(client, run);
  const images = await readRunRecordPart(client, run, { key: RUN_RECORD_KEYS.images, parse: parseImages });
  checkDeployParams(env, plan, images);
  for (const { app } of plan.buildApps) await requireBaseline({ client, plan }, app);
  return { context, client, run, plan, images, env };
};
