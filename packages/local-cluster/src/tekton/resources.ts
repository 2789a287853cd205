/** Tekton's kinds as the API serves them: names, columns, defaulting, validation. */

import type { KubeObject } from '../contracts/kube-object.ts';
import type { PrinterColumn, ResourceDefinition } from '../contracts/resource-definition.ts';
import { succeededCondition } from './specs/condition.ts';
import { readPipelineRun, readTaskRun } from './specs/read-run.ts';
import { stepActionSpecSchema } from './specs/task-spec.ts';
import { TEKTON_GROUP } from './specs/tekton-labels.ts';
import { openSchema } from './validation/open-schema.ts';
import { readSpec } from './validation/schema-problems.ts';
import {
  setPipelineDefaults,
  setPipelineRunDefaults,
  setTaskDefaults,
  setTaskRunDefaults,
} from './validation/set-defaults.ts';
import { validatePipelineSpec } from './validation/validate-pipeline-spec.ts';
import { validatePipelineRun, validateTaskRun } from './validation/validate-runs.ts';
import { validateTaskSpec } from './validation/validate-task-spec.ts';

/** Both kinds of run keep these fields at the same places. */
type ReadStatus = (object: KubeObject) => {
  readonly conditions?: Parameters<typeof succeededCondition>[0]['conditions'];
  readonly startTime?: string | undefined;
  readonly completionTime?: string | undefined;
};

/** The columns of Tekton's own CRDs (config/300-crds). */
function runColumns(read: ReadStatus): PrinterColumn[] {
  return [
    { name: 'Name', type: 'string', value: ({ metadata }) => metadata.name },
    { name: 'Succeeded', type: 'string', value: (object) => succeededCondition(read(object))?.status },
    { name: 'Reason', type: 'string', value: (object) => succeededCondition(read(object))?.reason },
    { name: 'StartTime', type: 'date', value: (object) => read(object).startTime },
    { name: 'CompletionTime', type: 'date', value: (object) => read(object).completionTime },
  ];
}

const common = {
  group: TEKTON_GROUP,
  version: 'v1',
  categories: ['tekton', 'tekton-pipelines'],
  namespaced: true,
} as const;

/** Task, Pipeline, TaskRun, PipelineRun (v1) and StepAction (v1beta1). */
export const tektonResources: ResourceDefinition[] = [
  {
    ...common,
    resource: 'tasks',
    kind: 'Task',
    singular: 'task',
    schema: openSchema('Task', 'A Task is a sequence of steps that run one after the other in one pod.'),
    setDefaults: setTaskDefaults,
    validate: (object) => validateTaskSpec(object['spec'] ?? {}, 'spec'),
  },
  {
    ...common,
    resource: 'pipelines',
    kind: 'Pipeline',
    singular: 'pipeline',
    schema: openSchema('Pipeline', 'A Pipeline is a graph of tasks.'),
    setDefaults: setPipelineDefaults,
    validate: (object) => validatePipelineSpec(object['spec'] ?? {}, 'spec', { isEmbedded: false }),
  },
  {
    ...common,
    resource: 'taskruns',
    kind: 'TaskRun',
    singular: 'taskrun',
    shortNames: ['tr', 'trs'],
    subresources: ['status'],
    columns: runColumns((object) => readTaskRun(object).status),
    exactColumns: true,
    schema: openSchema('TaskRun', 'A TaskRun executes a task once.'),
    setDefaults: setTaskRunDefaults,
    validate: validateTaskRun,
  },
  {
    ...common,
    resource: 'pipelineruns',
    kind: 'PipelineRun',
    singular: 'pipelinerun',
    shortNames: ['pr', 'prs'],
    subresources: ['status'],
    columns: runColumns((object) => readPipelineRun(object).status),
    exactColumns: true,
    schema: openSchema('PipelineRun', 'A PipelineRun executes a pipeline once.'),
    setDefaults: setPipelineRunDefaults,
    validate: validatePipelineRun,
  },
  {
    ...common,
    version: 'v1beta1',
    resource: 'stepactions',
    kind: 'StepAction',
    singular: 'stepaction',
    schema: openSchema('StepAction', 'A StepAction is a step that tasks refer to by name.'),
    validate: (object) => {
      const spec = readSpec(stepActionSpecSchema, object['spec'] ?? {}, 'spec');
      return spec.ok ? [] : spec.error;
    },
  },
];
