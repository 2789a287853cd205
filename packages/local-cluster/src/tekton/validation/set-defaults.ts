/** Fills the defaults that Tekton's webhook fills. */

import type { KubeObject } from '../../contracts/kube-object.ts';
import { isRecord } from '../substitution/substitute.ts';
import { TEKTON_LABEL } from '../specs/tekton-labels.ts';

/** Tekton's default-timeout-minutes, as text. */
const DEFAULT_TIMEOUT = '1h0m0s';

const recordOf = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});

function withLabels(object: KubeObject, labels: Readonly<Record<string, string>>): KubeObject {
  return { ...object, metadata: { ...object.metadata, labels: { ...labels, ...object.metadata.labels } } };
}

/** timeout 1h, service account `default`, taskRef kind Task, labels of Tekton. */
export function setTaskRunDefaults(object: KubeObject): KubeObject {
  const spec = recordOf(object['spec']);
  const taskRef = spec['taskRef'];
  return withLabels(
    {
      ...object,
      spec: {
        ...spec,
        ...(isRecord(taskRef) && { taskRef: { kind: 'Task', ...taskRef } }),
        serviceAccountName: spec['serviceAccountName'] ?? 'default',
        timeout: spec['timeout'] ?? DEFAULT_TIMEOUT,
      },
    },
    { [TEKTON_LABEL.managedBy]: 'tekton-pipelines' },
  );
}

/** pipeline timeout 1h, service account `default`, label `tekton.dev/pipeline`. */
export function setPipelineRunDefaults(object: KubeObject): KubeObject {
  const spec = recordOf(object['spec']);
  const template = recordOf(spec['taskRunTemplate']);
  const pipelineRef = recordOf(spec['pipelineRef']);
  const pipeline = typeof pipelineRef['name'] === 'string' ? pipelineRef['name'] : object.metadata.name;
  return withLabels(
    {
      ...object,
      spec: {
        ...spec,
        timeouts: { pipeline: DEFAULT_TIMEOUT, ...recordOf(spec['timeouts']) },
        taskRunTemplate: { ...template, serviceAccountName: template['serviceAccountName'] ?? 'default' },
      },
    },
    pipeline === undefined ? {} : { [TEKTON_LABEL.pipeline]: pipeline },
  );
}

/** taskRef kind Task, param types. */
export function setPipelineDefaults(object: KubeObject): KubeObject {
  const spec = recordOf(object['spec']);
  const fill = (tasks: unknown): unknown =>
    Array.isArray(tasks)
      ? tasks.map((task: unknown) =>
          isRecord(task) && isRecord(task['taskRef'])
            ? { ...task, taskRef: { kind: 'Task', ...task['taskRef'] } }
            : task,
        )
      : tasks;
  return {
    ...object,
    spec: {
      ...withParamTypes(spec),
      ...(spec['tasks'] !== undefined && { tasks: fill(spec['tasks']) }),
      ...(spec['finally'] !== undefined && { finally: fill(spec['finally']) }),
    },
  };
}

/** param types, result types. */
export function setTaskDefaults(object: KubeObject): KubeObject {
  return { ...object, spec: withParamTypes(recordOf(object['spec'])) };
}

function withParamTypes(spec: Record<string, unknown>): Record<string, unknown> {
  const typed = (list: unknown, typeOf: (entry: Record<string, unknown>) => string): unknown =>
    Array.isArray(list)
      ? list.map((entry: unknown) =>
          isRecord(entry) ? { ...entry, type: entry['type'] ?? typeOf(entry) } : entry,
        )
      : list;
  return {
    ...spec,
    ...(spec['params'] !== undefined && { params: typed(spec['params'], typeOfDeclared) }),
  };
}

function typeOfDeclared(entry: Record<string, unknown>): string {
  const value = entry['default'];
  if (Array.isArray(value)) return 'array';
  return isRecord(value) || isRecord(entry['properties']) ? 'object' : 'string';
}
