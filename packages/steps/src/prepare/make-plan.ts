/** Makes the plan out of params, stack, versions and revisions; pure. */
import { imagesBeside, type AppRevision, type Plan, type Stack, type Versions } from '@tekton-dag/model';
import { EXIT, StepFailure } from '../step-failure.ts';
import type { PrepareEnv } from './prepare-env.ts';
import { requirePlan } from './require-plan.ts';

const refuseBackend = (env: PrepareEnv): void => {
  const isLocal = env.TEKTON_DAG_HOST_TOOLCHAIN !== '';
  if (!isLocal || env.MODE !== 'pr' || !['telepresence', 'mirrord'].includes(env.INTERCEPT_BACKEND)) return;
  throw new StepFailure(
    `intercept-backend ${env.INTERCEPT_BACKEND} needs a Kubernetes cluster: the pods of the local cluster are processes`,
    {
      code: 'INTERCEPT_BACKEND_UNSUPPORTED',
      hint: 'set intercept-backend to gateway',
      exitCode: EXIT.invalidInput,
    },
  );
};

/** Where the program comes from, its build images are too. */
const compileRegistryOf = ({ TEKTON_DAG_IMAGE }: PrepareEnv): { compileRegistry?: string } => {
  const compileRegistry = imagesBeside(TEKTON_DAG_IMAGE);
  return compileRegistry === undefined ? {} : { compileRegistry };
};

export interface PlanInput {
  readonly env: PrepareEnv;
  readonly stack: Stack;
  readonly versions: Versions;
  readonly revisions: Readonly<Record<string, AppRevision>>;
}

/** Throws PLAN_IMPOSSIBLE with every reason. */
export const makePlan = ({ env, stack, versions, revisions }: PlanInput): Plan => {
  refuseBackend(env);
  return requirePlan({
    mode: env.MODE,
    team: env.TEAM,
    stack,
    versions,
    overrides: env.VERSION_OVERRIDES,
    changedApps: env.CHANGED_APP,
    apps: env.APPS,
    revisions,
    registry: env.IMAGE_REGISTRY,
    compileImages: env.compileImages,
    ...compileRegistryOf(env),
    ...(env.PR_NUMBER === '' ? {} : { pullRequest: Number(env.PR_NUMBER) }),
    ...(env.PR_REPOSITORY === '' ? {} : { repository: env.PR_REPOSITORY }),
    host: env.FORGE_HOST,
    runName: env.RUN_NAME,
    forceRebuild: env.FORCE_REBUILD,
    interceptBackend: env.INTERCEPT_BACKEND,
    maxParallelBuilds: env.MAX_PARALLEL_BUILDS,
    defaultNamespace: env.DEFAULT_NAMESPACE,
  });
};
