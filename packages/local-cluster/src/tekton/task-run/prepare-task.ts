/** Everything a TaskRun needs before its first step: directories, workspaces, volumes, variables, containers. */

import { err, ok, type Result } from '@tekton-dag/model';
import type { ClusterContext } from '../../contracts/cluster-context.ts';
import type { Mount } from '../../contracts/container-runtime.ts';
import type { TaskRun } from '../specs/read-run.ts';
import type { TaskSpec } from '../specs/task-spec.ts';
import type { Replacements } from '../substitution/replacements.ts';
import { substitute, variablesIn } from '../substitution/substitute.ts';
import { clusterFilesOf, type ClusterFiles } from './cluster-files.ts';
import type { ConfigFailure } from './config-failure.ts';
import type { ResolvedTask } from './resolve-task.ts';
import { makeTaskDirectories, type OwnDirectory, type TaskDirectories } from './task-directories.ts';
import { taskVariables } from './task-variables.ts';
import { makeVolume, makeWorkspace, type VolumeSources } from './task-volumes.ts';
import { resolveCredentials } from './service-account.ts';

export interface PreparedTask {
  readonly run: TaskRun;
  readonly task: ResolvedTask;
  readonly directories: TaskDirectories;
  readonly variables: Replacements;
  /** The task's spec with its variables replaced; stored in the TaskRun's status. */
  readonly filledSpec: TaskSpec;
  readonly files: ClusterFiles;
  /** Mounts of every container: Tekton's own, workspaces, credentials. */
  readonly mounts: readonly Mount[];
  /** Workspaces that only those containers mount which name them. */
  readonly isolated: ReadonlyMap<string, Mount>;
  /** Volume name to host directory. */
  readonly volumes: ReadonlyMap<string, string>;
  /** Env of every container that is not the task's own, e.g. KUBECONFIG. */
  readonly env: Readonly<Record<string, string>>;
}

/** Host directory of a PersistentVolumeClaim, when it exists. */
export type ClaimDirectory = (namespace: string, name: string) => string | undefined;

/** Makes the directories of one attempt; `owner` names them. */
export function prepareTask(
  run: TaskRun,
  task: ResolvedTask,
  owner: string,
  { context, claimDirectory }: { readonly context: ClusterContext; readonly claimDirectory: ClaimDirectory },
): Result<PreparedTask, ConfigFailure> {
  const credentials = resolveCredentials(run, context);
  if (!credentials.ok) return credentials;
  const directories = makeTaskDirectories(owner, neededDirectories(task), context);
  const files = clusterFilesOf(context.store, run.namespace);
  const sources: VolumeSources = {
    files,
    directory: (name) => directories.volume(name),
    claim: (name) => claimDirectory(run.namespace, name),
  };
  const workspaces = mountWorkspaces(run, task.spec, sources);
  if (!workspaces.ok) return workspaces;
  const variables = taskVariables(run, task.name, task.spec, {
    results: directories.pathOf(directories.results),
    steps: directories.pathOf(directories.steps),
    credentials: directories.pathOf(directories.credentials),
    workspaces: new Map([...workspaces.value].map(([name, mount]) => [name, directories.pathOf(mount)])),
  });
  const filledSpec = substitute(task.spec, variables);
  const isolated = isolatedWorkspaces(task.spec);
  const shared = [...workspaces.value].filter(([name]) => !isolated.has(name));
  const volumes = makeVolumes(filledSpec, run, sources);
  if (!volumes.ok) return volumes;
  return ok({
    run,
    task,
    directories,
    variables,
    filledSpec,
    files,
    volumes: volumes.value,
    mounts: [...directories.mounts, ...shared.map(([, mount]) => mount), ...credentials.value.mounts],
    isolated: new Map(workspaces.value.entries().filter(([name]) => isolated.has(name))),
    env: credentials.value.env,
  });
}

/** What a task never names it does not need; each directory costs time at the start and the end. */
function neededDirectories({ spec, stepActions }: ResolvedTask): ReadonlySet<OwnDirectory> {
  const steps = [...(spec.steps ?? []), ...stepActions.values()];
  const variables = variablesIn([spec, ...stepActions.values()]);
  const names = (prefix: string): boolean => variables.some((variable) => variable.startsWith(prefix));
  const needed = new Set<OwnDirectory>();
  if ((spec.results ?? []).length > 0) needed.add('results');
  if ([...steps, ...(spec.sidecars ?? [])].some((one) => one.script !== undefined)) needed.add('scripts');
  if (names('step') || steps.some((step) => step.results !== undefined)) needed.add('steps');
  if (names('credentials')) needed.add('creds');
  return needed;
}

/** Workspaces that a step or sidecar names are mounted nowhere else (Tekton docs: "Isolating Workspaces"). */
function isolatedWorkspaces({ steps = [], sidecars = [] }: TaskSpec): ReadonlySet<string> {
  return new Set([...steps, ...sidecars].flatMap((one) => (one.workspaces ?? []).map(({ name }) => name)));
}

function mountWorkspaces(
  run: TaskRun,
  spec: TaskSpec,
  sources: VolumeSources,
): Result<ReadonlyMap<string, Mount>, ConfigFailure> {
  const mounts = new Map<string, Mount>();
  const bindings = new Map((run.spec.workspaces ?? []).map((binding) => [binding.name, binding]));
  for (const { name, mountPath, readOnly } of spec.workspaces ?? []) {
    const binding = bindings.get(name);
    if (binding === undefined) continue;
    const hostPath = makeWorkspace(binding, sources);
    if (!hostPath.ok) return hostPath;
    const path = mountPath ?? `/workspace/${name}`;
    mounts.set(name, { hostPath: hostPath.value, path, ...(readOnly === true && { readOnly }) });
  }
  return ok(mounts);
}

function makeVolumes(
  spec: TaskSpec,
  run: TaskRun,
  sources: VolumeSources,
): Result<ReadonlyMap<string, string>, ConfigFailure> {
  const volumes = new Map<string, string>();
  for (const { name, ...source } of [...(run.spec.podTemplate?.volumes ?? []), ...(spec.volumes ?? [])]) {
    const directory = makeVolume(`volume-${name}`, source, sources);
    if (!directory.ok) return err(directory.error);
    volumes.set(name, directory.value);
  }
  return ok(volumes);
}
