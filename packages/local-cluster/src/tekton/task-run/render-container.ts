/** A step or sidecar as the runtime starts it: script written, variables replaced, paths as it sees them. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { err, ok, type Result } from '@tekton-dag/model';
import type { Mount } from '../../contracts/container-runtime.ts';
import { mergeReplacements, replacementsOfStrings, type Replacements } from '../substitution/replacements.ts';
import { substitute, substituteText } from '../substitution/substitute.ts';
import type { ConfigFailure } from './config-failure.ts';
import type { PreparedTask } from './prepare-task.ts';
import { podNameOf } from './render-pod.ts';
import { expandItems, resolveEnv } from './step-env.ts';
import type { ContainerTemplate } from './step-plan.ts';
import { KUBECONFIG_PATH, TOKEN_PATH } from './service-account.ts';
import { seenPath } from './task-directories.ts';
import { mountVolumes } from './task-volumes.ts';

export interface ContainerParts {
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir: string;
  readonly mounts: readonly Mount[];
}

/** Tekton's own default for a script without a first line of its own. */
const DEFAULT_SHEBANG = '#!/bin/sh\nset -e\n';

/** Fills one container's template; `container` is its name, e.g. `step-build`. */
export function renderContainer(
  container: string,
  template: ContainerTemplate,
  variables: Replacements,
  prepared: PreparedTask,
): Result<ContainerParts, ConfigFailure> {
  const isolated = isolatedMounts(template, prepared);
  const own = mergeReplacements(
    variables,
    resultPaths(container, template, prepared),
    isolatedPaths(isolated, prepared),
  );
  const env = resolveEnv(template.envFrom ?? [], template.env ?? [], {
    files: prepared.files,
    fields: podFields(prepared),
    replacements: own,
  });
  if (!env.ok) return env;
  const volumeMounts = substitute(template.volumeMounts ?? [], own);
  const volumes = mountVolumes(volumeMounts, prepared.volumes);
  if (!volumes.ok) return volumes;
  const image = substituteText(template.image ?? '', own);
  if (image === '') return err({ reason: 'PodCreationFailed', message: 'no image is given' });
  const workingDir = substituteText(template.workingDir ?? '/workspace', own);
  if (!posix.isAbsolute(workingDir)) {
    return err({
      reason: 'PodCreationFailed',
      message: `workingDir "${workingDir}" must be an absolute path`,
    });
  }
  const given = hideToken(prepared, volumes.value);
  const mounts = [...given.mounts, ...isolated.values(), ...volumes.value];
  return ok({
    image,
    ...commandOf(container, template, own, { prepared, env: env.value }),
    env: { TEKTON_DAG_HOST_TOOLCHAIN: '1', ...given.env, ...env.value },
    workingDir: makeWorkingDir(workingDir, mounts, prepared),
    mounts,
  });
}

/** Isolated workspaces of this container, each at its own place or at the task's. */
function isolatedMounts(
  { workspaces = [] }: ContainerTemplate,
  { isolated }: PreparedTask,
): Map<string, Mount> {
  return new Map(
    workspaces.flatMap(({ name, mountPath }) => {
      const mount = isolated.get(name);
      return mount === undefined ? [] : [[name, { ...mount, path: mountPath ?? mount.path }] as const];
    }),
  );
}

function isolatedPaths(mounts: ReadonlyMap<string, Mount>, { directories }: PreparedTask): Replacements {
  return new Map([...mounts].map(([name, mount]) => [`workspaces.${name}.path`, directories.pathOf(mount)]));
}

/** What covers the place of the token keeps it from the container (Kubernetes: ServiceAccount admission). */
function hideToken(prepared: PreparedTask, volumes: readonly Mount[]): Pick<PreparedTask, 'env' | 'mounts'> {
  if (volumes.every(({ path }) => path !== TOKEN_PATH)) return prepared;
  const { KUBECONFIG: _hidden, ...env } = prepared.env;
  return { env, mounts: prepared.mounts.filter(({ path }) => path !== KUBECONFIG_PATH) };
}

function resultPaths(
  container: string,
  template: ContainerTemplate,
  { directories }: PreparedTask,
): Replacements {
  const results = template.results ?? [];
  if (directories.has('steps')) {
    mkdirSync(join(directories.steps.hostPath, container, 'results'), { recursive: true });
  }
  const steps = directories.pathOf(directories.steps);
  return replacementsOfStrings(
    Object.fromEntries(
      results.map(({ name }) => [`step.results.${name}.path`, `${steps}/${container}/results/${name}`]),
    ),
  );
}

function podFields({ run }: PreparedTask): ReadonlyMap<string, string> {
  return new Map([
    ['metadata.name', podNameOf(run)],
    ['metadata.namespace', run.namespace],
    ['spec.serviceAccountName', run.spec.serviceAccountName ?? 'default'],
    ['spec.nodeName', 'local'],
    ['status.hostIP', '127.0.0.1'],
    ['status.podIP', '127.0.0.1'],
    ...Object.entries(run.labels).map(([key, value]) => [`metadata.labels['${key}']`, value] as const),
    ...Object.entries(run.annotations).map(
      ([key, value]) => [`metadata.annotations['${key}']`, value] as const,
    ),
  ]);
}

interface CommandScope {
  readonly prepared: PreparedTask;
  readonly env: Readonly<Record<string, string>>;
}

function commandOf(
  container: string,
  template: ContainerTemplate,
  variables: Replacements,
  { prepared, env }: CommandScope,
): Pick<ContainerParts, 'command' | 'args'> {
  const expand = (items: readonly string[]): string[] =>
    expandItems(items, variables, new Map(Object.entries(env)));
  const args = template.args === undefined ? {} : { args: expand(template.args) };
  if (template.script !== undefined && template.script !== '') {
    const script = substituteText(template.script, variables);
    return { command: [writeScript(container, script, prepared)], ...args };
  }
  return { ...(template.command !== undefined && { command: expand(template.command) }), ...args };
}

function writeScript(container: string, script: string, { directories }: PreparedTask): string {
  const text = script.startsWith('#!') ? script : DEFAULT_SHEBANG + script;
  writeFileSync(join(directories.scripts.hostPath, container), text, { mode: 0o755 });
  return `${directories.pathOf(directories.scripts)}/${container}`;
}

/** A directory inside a mount is made (Tekton: working-dir-initializer). */
function makeWorkingDir(workingDir: string, mounts: readonly Mount[], { directories }: PreparedTask): string {
  const path = posix.normalize(workingDir);
  const seen = seenPath(path, mounts, (mount) => directories.pathOf(mount));
  const isMount = mounts.some((mount) => mount.path === path);
  if (seen.hostPath !== undefined && !isMount) mkdirSync(seen.hostPath, { recursive: true });
  return seen.path;
}
