/** The TaskRun that builds one app; pure. */
import {
  LABEL,
  MANAGED_BY,
  type Param,
  type PipelineRun,
  type Plan,
  type PlannedBuild,
  type TaskRun,
  type WorkspaceBinding,
} from '@tekton-dag/model';
import { childName } from '../kubernetes/child-name.ts';

/** The image that runs compile.sh of tool `none`: any with a shell. */
const SHELL_IMAGE = 'docker.io/library/busybox:1.37';
const SHARED_WORKSPACES = new Set(['ssh-key', 'build-cache']);

/** JSON without a dollar, so neither Tekton nor Kubernetes sees a reference in it. */
const inertJson = (value: unknown): string => JSON.stringify(value).replaceAll('$', String.raw`\u0024`);

const paramsOf = (build: PlannedBuild, options: BuildTaskRunOptions): Param[] =>
  Object.entries({
    app: build.app,
    repository: build.repository,
    revision: build.revision,
    'git-base-url': options.gitBaseUrl,
    'context-dir': build.contextDir,
    dockerfile: build.dockerfile,
    build: inertJson(build.build),
    image: build.image,
    tags: inertJson(options.tags),
    'content-key': build.contentKey,
    'compile-image': build.compileImage ?? SHELL_IMAGE,
    'insecure-registries': options.insecureRegistries,
    'tekton-dag-image': options.tektonDagImage,
  }).map(([name, value]) => ({ name, value }));

/** Volume templates would make new volumes; the rest can be shared by name. */
const shareWorkspaces = (owner: PipelineRun): WorkspaceBinding[] =>
  (owner.spec.workspaces ?? []).filter(
    ({ name, volumeClaimTemplate }) => SHARED_WORKSPACES.has(name) && volumeClaimTemplate === undefined,
  );

export interface BuildTaskRunOptions {
  readonly plan: Plan;
  /** The run that owns it. */
  readonly owner: PipelineRun;
  readonly tags: readonly string[];
  readonly gitBaseUrl: string;
  /** As in param insecure-registries. */
  readonly insecureRegistries: string;
  readonly tektonDagImage: string;
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
      ownerReferences: [{ apiVersion: 'tekton.dev/v1', kind: 'PipelineRun', name: run, uid }],
    },
    spec: {
      taskRef: { name: 'build-app', kind: 'Task' },
      serviceAccountName: 'tekton-dag-build',
      params: paramsOf(build, options),
      workspaces: [{ name: 'source', emptyDir: {} }, ...shareWorkspaces(owner)],
      ...(owner.spec.taskRunTemplate?.podTemplate === undefined
        ? {}
        : { podTemplate: owner.spec.taskRunTemplate.podTemplate }),
    },
  };
};
