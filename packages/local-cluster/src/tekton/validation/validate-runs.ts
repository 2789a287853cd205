/** Checks TaskRuns and PipelineRuns as Tekton's webhook does, on creation and on every change. */

import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../../contracts/kube-object.ts';
import type { FieldError } from '../../contracts/resource-definition.ts';
import { isDone } from '../specs/condition.ts';
import { parseDurationMs } from '../specs/duration.ts';
import { readPipelineRun, readTaskRun } from '../specs/read-run.ts';
import {
  pipelineRunSpecSchema,
  taskRunSpecSchema,
  type PipelineRunSpec,
  type TaskRunSpec,
} from '../specs/run-spec.ts';
import type { WorkspaceBinding } from '../specs/volume-spec.ts';
import { resultReferencesIn } from '../substitution/result-reference.ts';
import {
  duplicates,
  invalidValue,
  missingOneOf,
  multipleOneOf,
  referenceNameProblems,
} from './field-problems.ts';
import { readSpec } from './schema-problems.ts';
import { validatePassedParams } from './validate-params.ts';
import { validatePipelineSpec } from './validate-pipeline-spec.ts';
import { taskSpecProblems } from './validate-task-spec.ts';

export function validateTaskRun(object: KubeObject, previous?: KubeObject): FieldError[] {
  const read = readSpec(taskRunSpecSchema, object['spec'] ?? {}, 'spec');
  if (!read.ok) return read.error;
  return [
    ...taskRunProblems(read.value),
    ...(previous === undefined ? [] : taskRunChangeProblems(object, previous)),
  ];
}

function taskRunProblems(spec: TaskRunSpec): FieldError[] {
  const { taskRef, taskSpec, retries = 0 } = spec;
  return [
    ...exactlyOne(taskRef, taskSpec, ['taskRef', 'taskSpec']),
    ...(taskRef === undefined ? [] : referenceNameProblems(taskRef, 'spec.taskRef')),
    ...(taskSpec === undefined ? [] : taskSpecProblems(taskSpec, 'spec.taskSpec', true)),
    ...taskRunStatusProblems(spec),
    ...(retries < 0 ? [invalidValue('spec.retries', `${retries} should be >= 0`)] : []),
    ...timeoutProblem(spec.timeout, 'spec.timeout'),
    ...validatePassedParams(spec.params ?? [], 'spec.params'),
    ...workspaceProblems(spec.workspaces ?? []),
  ];
}

function exactlyOne(
  ref: object | undefined,
  embedded: object | undefined,
  names: readonly string[],
): FieldError[] {
  if (ref === undefined && embedded === undefined) return [missingOneOf('spec', names)];
  return ref !== undefined && embedded !== undefined ? [multipleOneOf('spec', names)] : [];
}

function taskRunStatusProblems({ status = '', statusMessage = '' }: TaskRunSpec): FieldError[] {
  if (!['', 'TaskRunCancelled', 'TaskRunPending'].includes(status)) {
    return [invalidValue('spec.status', `${status} should be TaskRunCancelled or TaskRunPending`)];
  }
  if (status !== '' || statusMessage === '') return [];
  const message = `statusMessage should not be set if status is not set, but it is currently set to ${statusMessage}`;
  return [invalidValue('spec.statusMessage', message)];
}

function taskRunChangeProblems(object: KubeObject, previous: KubeObject): FieldError[] {
  const before = readTaskRun(previous);
  const after = readTaskRun(object);
  if (isDone(before.status) && !isDeepStrictEqual(before.spec, after.spec)) {
    return [invalidValue('spec', 'Once the TaskRun is complete, no updates are allowed')];
  }
  const { status: _before, statusMessage: _beforeMessage, ...fixed } = before.spec;
  const { status: _after, statusMessage: _afterMessage, ...changed } = after.spec;
  if (isDeepStrictEqual(fixed, changed)) return [];
  return [
    invalidValue('spec', 'Once the TaskRun has started, only status and statusMessage updates are allowed'),
  ];
}

export function validatePipelineRun(object: KubeObject, previous?: KubeObject): FieldError[] {
  const read = readSpec(pipelineRunSpecSchema, object['spec'] ?? {}, 'spec');
  if (!read.ok) return read.error;
  return [
    ...pipelineRunProblems(read.value),
    ...(previous === undefined ? [] : pipelineRunChangeProblems(object, previous)),
  ];
}

const PIPELINE_RUN_STATUSES = [
  '',
  'Cancelled',
  'CancelledRunFinally',
  'StoppedRunFinally',
  'PipelineRunPending',
];

function pipelineRunProblems(spec: PipelineRunSpec): FieldError[] {
  const { pipelineRef, pipelineSpec } = spec;
  return [
    ...exactlyOne(pipelineRef, pipelineSpec, ['pipelineRef', 'pipelineSpec']),
    ...pipelineRefProblems(spec),
    ...(pipelineSpec === undefined
      ? []
      : validatePipelineSpec(pipelineSpec, 'spec.pipelineSpec', { isEmbedded: true })),
    ...validatePassedParams(spec.params ?? [], 'spec.params'),
    ...resultsInParams(spec),
    ...timeoutsProblems(spec),
    ...workspaceProblems(spec.workspaces ?? []),
    ...duplicates(
      (spec.taskRunSpecs ?? []).map((one) => one.pipelineTaskName),
      (index) => `spec.taskRunSpecs[${index}].pipelineTaskName`,
    ),
  ];
}

function pipelineRefProblems({ pipelineRef, status = '' }: PipelineRunSpec): FieldError[] {
  const problems = pipelineRef === undefined ? [] : referenceNameProblems(pipelineRef, 'spec.pipelineRef');
  if (!PIPELINE_RUN_STATUSES.includes(status)) {
    const allowed = 'Cancelled, CancelledRunFinally, StoppedRunFinally or PipelineRunPending';
    problems.push(invalidValue('spec.status', `${status} should be ${allowed}`));
  }
  return problems;
}

function resultsInParams(spec: PipelineRunSpec): FieldError[] {
  return (spec.params ?? []).flatMap((param, index) => {
    const references = resultReferencesIn(param.value).map((reference) => reference.text);
    if (references.length === 0) return [];
    return [
      invalidValue(
        `spec.params[${index}].value`,
        `cannot use result expressions in [${references.join(' ')}] as PipelineRun parameter values`,
      ),
    ];
  });
}

function timeoutsProblems({ timeouts = {} }: PipelineRunSpec): FieldError[] {
  const problems = (['pipeline', 'tasks', 'finally'] as const).flatMap((name) =>
    timeoutProblem(timeouts[name], `spec.timeouts.${name}`),
  );
  if (problems.length > 0) return problems;
  const pipelineMs = parseDurationMs(timeouts.pipeline ?? '1h') ?? 0;
  const parts = (['tasks', 'finally'] as const).flatMap((name) => {
    const partMs = parseDurationMs(timeouts[name] ?? '0') ?? 0;
    return partMs > 0 ? [{ name, partMs }] : [];
  });
  const totalMs = parts.reduce((sum, { partMs }) => sum + partMs, 0);
  if (pipelineMs === 0 || totalMs <= pipelineMs) return [];
  const sum = parts.map(({ name }) => timeouts[name] ?? '').join(' + ');
  return parts.map(({ name }) =>
    invalidValue(`spec.timeouts.${name}`, `${sum} should be <= pipeline duration`),
  );
}

function pipelineRunChangeProblems(object: KubeObject, previous: KubeObject): FieldError[] {
  const before = readPipelineRun(previous);
  const after = readPipelineRun(object);
  if (isDone(before.status) && !isDeepStrictEqual(before.spec, after.spec)) {
    return [invalidValue('spec', 'Once the PipelineRun is complete, no updates are allowed')];
  }
  const wasPending = before.spec.status === 'PipelineRunPending';
  if (!wasPending && after.spec.status === 'PipelineRunPending' && before.status.startTime !== undefined) {
    return [invalidValue('spec.status', 'PipelineRun cannot be Pending after it is started')];
  }
  const { status: _before, ...fixed } = before.spec;
  const { status: _after, ...changed } = after.spec;
  if (wasPending || isDeepStrictEqual(fixed, changed)) return [];
  return [invalidValue('spec', 'Once the PipelineRun has started, only status updates are allowed')];
}

function timeoutProblem(timeout: string | undefined, field: string): FieldError[] {
  if (timeout === undefined) return [];
  const durationMs = parseDurationMs(timeout);
  if (durationMs === undefined) return [invalidValue(field, `"${timeout}" is not a duration`)];
  return durationMs < 0 ? [invalidValue(field, `${timeout} should be >= 0`)] : [];
}

const SOURCES = [
  'emptyDir',
  'configMap',
  'secret',
  'persistentVolumeClaim',
  'volumeClaimTemplate',
  'projected',
  'hostPath',
  'csi',
] as const;

function workspaceProblems(workspaces: readonly WorkspaceBinding[]): FieldError[] {
  return [
    ...duplicates(
      workspaces.map((workspace) => workspace.name),
      (index) => `spec.workspaces[${index}].name`,
    ),
    ...workspaces.flatMap((workspace, index) => {
      const given = SOURCES.filter((source) => workspace[source] !== undefined);
      const field = `spec.workspaces[${index}]`;
      if (given.length === 0) return [missingOneOf(field, SOURCES.slice(0, 5))];
      return given.length > 1 ? [multipleOneOf(field, given)] : [];
    }),
  ];
}
