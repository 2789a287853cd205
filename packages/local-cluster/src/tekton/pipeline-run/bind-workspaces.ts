/** Which workspaces a pipeline task's TaskRun gets, out of those its PipelineRun was given. */

import { createHash } from 'node:crypto';
import type { PipelineTask } from '../specs/pipeline-spec.ts';
import type { PipelineRun } from '../specs/read-run.ts';
import type { TaskSpec, WorkspaceDeclaration } from '../specs/task-spec.ts';
import type { WorkspaceBinding } from '../specs/volume-spec.ts';
import { variablesIn } from '../substitution/substitute.ts';

export interface BoundTask {
  readonly workspaces: readonly WorkspaceBinding[];
  /** The embedded spec, with declarations added for workspaces that it uses without declaring them. */
  readonly taskSpec: TaskSpec | undefined;
}

/** Explicit bindings, and for embedded tasks those they merely mention (docs: "Propagated Workspaces"). */
export function bindWorkspaces(run: PipelineRun, task: PipelineTask): BoundTask {
  const given = new Map((run.spec.workspaces ?? []).map((workspace) => [workspace.name, workspace]));
  const explicit = (task.workspaces ?? []).flatMap((usage) => {
    const binding = given.get(usage.workspace ?? usage.name);
    return binding === undefined ? [] : [rebind(run, binding, usage.name, usage.subPath)];
  });
  if (task.taskSpec === undefined) return { workspaces: explicit, taskSpec: undefined };
  const { metadata: _metadata, ...spec } = task.taskSpec;
  const names = propagatedNames(task, spec, new Set(given.keys()));
  const propagated = names.flatMap((name) => {
    const binding = given.get(name);
    return binding === undefined ? [] : [rebind(run, binding, name, undefined)];
  });
  return { workspaces: [...explicit, ...propagated], taskSpec: declare(spec, names) };
}

function propagatedNames(task: PipelineTask, spec: TaskSpec, given: ReadonlySet<string>): string[] {
  const bound = new Set((task.workspaces ?? []).map((usage) => usage.name));
  const declared = (spec.workspaces ?? []).map((workspace) => workspace.name);
  const mentioned = variablesIn(spec).flatMap(
    (variable) => /^workspaces\.([^.]+)\./.exec(variable)?.[1] ?? [],
  );
  return [...new Set([...declared, ...mentioned])].filter((name) => given.has(name) && !bound.has(name));
}

function declare(spec: TaskSpec, names: readonly string[]): TaskSpec {
  const declared = spec.workspaces ?? [];
  const known = new Set(declared.map((workspace) => workspace.name));
  const added: WorkspaceDeclaration[] = names.filter((name) => !known.has(name)).map((name) => ({ name }));
  return added.length === 0 ? spec : { ...spec, workspaces: [...declared, ...added] };
}

function rebind(
  run: PipelineRun,
  binding: WorkspaceBinding,
  name: string,
  subPath: string | undefined,
): WorkspaceBinding {
  const path = [binding.subPath, subPath].filter((part) => part !== undefined && part !== '').join('/');
  const { subPath: _subPath, volumeClaimTemplate, ...source } = binding;
  const place = path === '' ? {} : { subPath: path };
  if (volumeClaimTemplate === undefined) return { ...source, name, ...place };
  return { name, ...place, persistentVolumeClaim: { claimName: claimNameOf(run.uid, binding) } };
}

/** The claim made from a volumeClaimTemplate: one per owner and workspace, the same after a restart. */
export function claimNameOf(ownerUid: string, binding: WorkspaceBinding): string {
  const metadata: Record<string, unknown> = binding.volumeClaimTemplate?.metadata ?? {};
  const prefix = typeof metadata['name'] === 'string' && metadata['name'] !== '' ? metadata['name'] : 'pvc';
  return `${prefix}-${createHash('sha256')
    .update(binding.name + ownerUid)
    .digest('hex')
    .slice(0, 10)}`;
}
