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
  const pipeline = pipelineNameOf(spec, object.metadata);
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

/** The name that labels the runs of a pipeline; an embedded one goes by the run's own. */
function pipelineNameOf(
  { pipelineRef, pipelineSpec }: Record<string, unknown>,
  { name, generateName }: KubeObject['metadata'],
): string | undefined {
  const ref = recordOf(pipelineRef);
  if (typeof ref['name'] === 'string') return ref['name'];
  const params = Array.isArray(ref['params']) ? ref['params'].map(recordOf) : [];
  const valueOf = (param: string): unknown => params.find((one) => one['name'] === param)?.['value'];
  const resolved = valueOf('name');
  if (valueOf('kind') === 'pipeline' && typeof resolved === 'string') return resolved;
  return pipelineSpec === undefined ? name : generateName?.replace(/[^A-Za-z0-9]+$/, '') || name;
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
