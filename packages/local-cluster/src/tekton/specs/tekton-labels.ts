/** Labels and annotations that Tekton puts on what it makes (docs: labels.md). */

export const TEKTON_LABEL = {
  pipeline: 'tekton.dev/pipeline',
  pipelineRun: 'tekton.dev/pipelineRun',
  pipelineRunUid: 'tekton.dev/pipelineRunUID',
  pipelineTask: 'tekton.dev/pipelineTask',
  memberOf: 'tekton.dev/memberOf',
  task: 'tekton.dev/task',
  taskRun: 'tekton.dev/taskRun',
  taskRunUid: 'tekton.dev/taskRunUID',
  managedBy: 'app.kubernetes.io/managed-by',
} as const;

/** Set on a TaskRun whose pipeline task has `onError: continue`. */
export const ON_ERROR_ANNOTATION = 'pipeline.tekton.dev/pipeline-task-on-error';

export const TEKTON_GROUP = 'tekton.dev';
