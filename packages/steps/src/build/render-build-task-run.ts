/** The TaskRun that builds one app; pure. */
import {
  gitRefOf,
  LABEL,
  MANAGED_BY,
  type ImageBuilder,
  type Param,
  type PipelineRun,
  type Plan,
  type PlannedBuild,
  type TaskRef,
  type TaskRun,
  type WorkspaceBinding,
} from '@tekton-dag/model';
import { childName } from '../kubernetes/child-name.ts';
import { traceAnnotations } from '../kubernetes/trace-annotations.ts';
import type { BuildEnv } from './build-env.ts';

const TASKS: Readonly<Record<ImageBuilder, string>> = { append: 'build-app', buildah: 'build-app-buildah' };
const SHARED_WORKSPACES = new Set(['ssh-key', 'build-cache', 'registry-credentials']);

/** JSON without a dollar, so neither Tekton nor Kubernetes sees a reference in it. */
const inertJson = (value: unknown): string => JSON.stringify(value).replaceAll('$', String.raw`\u0024`);

/** What the builders need beyond the params that they share. */
const builderParams = (builder: ImageBuilder, env: BuildEnv): Record<string, string> =>
  builder === 'append' ? {} : { 'cache-repo': env.CACHE_REPO, 'builder-image': env.BUILDER_IMAGE };

const paramsOf = (build: PlannedBuild, { tags, env }: BuildTaskRunOptions): Param[] =>
  Object.entries({
    app: build.app,
    repository: build.repository,
    revision: build.revision,
    'git-base-url': env.GIT_BASE_URL,
    'context-dir': build.contextDir,
    dockerfile: build.dockerfile,
    build: inertJson(build.build),
    image: build.image,
    tags: inertJson(tags),
    'content-key': build.contentKey,
    // compile.sh of tool `none` needs a shell only, and this image is on the node already.
    'compile-image': build.compileImage ?? env.TEKTON_DAG_IMAGE,
    'insecure-registries': env.INSECURE_REGISTRIES,
    'registry-mirrors': inertJson(env.REGISTRY_MIRRORS),
    'package-proxies': inertJson(env.PACKAGE_PROXIES),
    'tekton-dag-image': env.TEKTON_DAG_IMAGE,
    ...(env.TRACEPARENT === undefined ? {} : { traceparent: env.TRACEPARENT }),
    ...builderParams(build.builder, env),
  }).map(([name, value]) => ({ name, value }));

/** Volume templates would make new volumes; the rest can be shared by name. */
const shareWorkspaces = (owner: PipelineRun): WorkspaceBinding[] =>
  (owner.spec.workspaces ?? []).filter(
    ({ name, volumeClaimTemplate }) => SHARED_WORKSPACES.has(name) && volumeClaimTemplate === undefined,
  );

/** From the commit that the pipeline came from, or the installed one. */
const taskRefOf = (builder: ImageBuilder, env: BuildEnv): TaskRef => {
  const name = TASKS[builder];
  if (env.CATALOG_URL === '') return { name, kind: 'Task' };
  const tokenSecret = env.CATALOG_SECRET === '' ? {} : { tokenSecret: env.CATALOG_SECRET };
  const catalog = { url: env.CATALOG_URL, revision: env.CATALOG_REVISION, ...tokenSecret };
  return gitRefOf(catalog, `tasks/${name}.yaml`);
};

export interface BuildTaskRunOptions {
  readonly plan: Plan;
  /** The run that owns it. */
  readonly owner: PipelineRun;
  readonly tags: readonly string[];
  readonly env: BuildEnv;
}

/** Renders it; owned by the PipelineRun, so it goes when the run goes. */
export const renderBuildTaskRun = (build: PlannedBuild, options: BuildTaskRunOptions): TaskRun => {
  const { plan, owner } = options;
  const { name: run = '', namespace, uid = '' } = owner.metadata;
  return {
    apiVersion: 'tekton.dev/v1',
    kind: 'TaskRun',
    metadata: {
      name: childName(run, `build-${build.app}`),
      ...(namespace === undefined ? {} : { namespace }),
      labels: {
        [LABEL.managedBy]: MANAGED_BY,
        [LABEL.run]: run,
        [LABEL.team]: plan.team,
        [LABEL.stack]: plan.stack,
        [LABEL.app]: build.app,
        [LABEL.mode]: plan.mode,
      },
      annotations: traceAnnotations(options.env.TRACEPARENT),
      ownerReferences: [{ apiVersion: 'tekton.dev/v1', kind: 'PipelineRun', name: run, uid }],
    },
    spec: {
      taskRef: taskRefOf(build.builder, options.env),
      serviceAccountName: 'tekton-dag-build',
      params: paramsOf(build, options),
      workspaces: [{ name: 'source', emptyDir: {} }, ...shareWorkspaces(owner)],
      ...(owner.spec.taskRunTemplate?.podTemplate === undefined
        ? {}
        : { podTemplate: owner.spec.taskRunTemplate.podTemplate }),
    },
  };
};
