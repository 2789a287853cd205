/** The TaskRun object for one pipeline task of a run. */

import type { KubeObject } from '../../contracts/kube-object.ts';
import { formatDuration, parseDurationMs } from '../specs/duration.ts';
import type { PipelineTask } from '../specs/pipeline-spec.ts';
import type { PipelineRun } from '../specs/read-run.ts';
import { ON_ERROR_ANNOTATION, TEKTON_LABEL } from '../specs/tekton-labels.ts';
import { bindWorkspaces } from './bind-workspaces.ts';
import type { TaskRunRequest } from './decide-pipeline-run.ts';
import { inheritedTimeout } from './run-timeouts.ts';
import type { Timeouts } from './task-facts.ts';

export interface TaskRunOrigin {
  readonly run: PipelineRun;
  readonly isFinal: boolean;
  readonly timeouts: Timeouts;
}

/** Renders the TaskRun; its owner is the PipelineRun. */
export function renderTaskRun(request: TaskRunRequest, origin: TaskRunOrigin): KubeObject {
  const { run } = origin;
  return {
    apiVersion: 'tekton.dev/v1',
    kind: 'TaskRun',
    metadata: {
      name: request.name,
      namespace: run.namespace,
      labels: labelsOf(request.task, origin),
      annotations: annotationsOf(request.task, run),
      ownerReferences: [
        {
          apiVersion: 'tekton.dev/v1',
          kind: 'PipelineRun',
          name: run.name,
          uid: run.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: specOf(request, origin),
  };
}

function overridesOf(run: PipelineRun, task: PipelineTask) {
  return (run.spec.taskRunSpecs ?? []).find((one) => one.pipelineTaskName === task.name);
}

function labelsOf(task: PipelineTask, { run, isFinal }: TaskRunOrigin): Record<string, string> {
  return {
    ...task.taskSpec?.metadata?.labels,
    ...run.labels,
    ...overridesOf(run, task)?.metadata?.labels,
    [TEKTON_LABEL.pipelineRun]: run.name,
    [TEKTON_LABEL.pipelineRunUid]: run.uid,
    [TEKTON_LABEL.pipelineTask]: task.name,
    [TEKTON_LABEL.memberOf]: isFinal ? 'finally' : 'tasks',
  };
}

function annotationsOf(task: PipelineTask, run: PipelineRun): Record<string, string> {
  const inherited = Object.entries(run.annotations).filter(
    ([name]) => !name.startsWith('kubectl.kubernetes.io/') && !name.startsWith('argocd.argoproj.io/'),
  );
  return {
    ...task.taskSpec?.metadata?.annotations,
    ...Object.fromEntries(inherited),
    ...overridesOf(run, task)?.metadata?.annotations,
    ...(task.onError === 'continue' && { [ON_ERROR_ANNOTATION]: 'continue' }),
  };
}

function specOf(request: TaskRunRequest, origin: TaskRunOrigin): Record<string, unknown> {
  const { task, matrixParams } = request;
  const { run } = origin;
  const { workspaces, taskSpec } = bindWorkspaces(run, task);
  const params = [...matrixParams, ...(task.params ?? [])];
  const { retries = 0 } = task;
  return {
    ...(params.length > 0 && { params }),
    ...(retries > 0 && { retries }),
    ...(taskSpec === undefined ? { taskRef: { kind: 'Task', ...task.taskRef } } : { taskSpec }),
    ...podFieldsOf(task, run),
    ...timeoutOf(task, origin),
    ...(workspaces.length > 0 && { workspaces }),
  };
}

/** What the run says about the pods of its tasks, and for this task alone. */
function podFieldsOf(task: PipelineTask, run: PipelineRun): Record<string, unknown> {
  const template = run.spec.taskRunTemplate ?? {};
  const { serviceAccountName, podTemplate, stepSpecs, sidecarSpecs } = overridesOf(run, task) ?? {};
  const merged = mergePodTemplates(template.podTemplate, podTemplate);
  return {
    serviceAccountName: serviceAccountName ?? template.serviceAccountName ?? 'default',
    ...(merged !== undefined && { podTemplate: merged }),
    ...(stepSpecs !== undefined && { stepSpecs }),
    ...(sidecarSpecs !== undefined && { sidecarSpecs }),
  };
}

function mergePodTemplates(base: object | undefined, override: object | undefined): object | undefined {
  return base === undefined && override === undefined ? undefined : { ...base, ...override };
}

function timeoutOf(task: PipelineTask, { run, isFinal, timeouts }: TaskRunOrigin): { timeout?: string } {
  const explicit = overridesOf(run, task)?.timeout ?? task.timeout;
  if (explicit !== undefined) return { timeout: formatDuration(parseDurationMs(explicit) ?? 0) };
  const inherited = inheritedTimeout(
    isFinal ? (timeouts.finallyMs ?? timeouts.pipelineMs) : (timeouts.tasksMs ?? timeouts.pipelineMs),
  );
  return inherited === undefined ? {} : { timeout: formatDuration(inherited) };
}
