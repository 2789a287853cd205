/** pinPipeline: a pipeline whose tasks are fetched from the commit that it was fetched from itself. Pure. */

import type { Param, ParamSpec } from '../tekton/param.ts';
import type { Pipeline, PipelineTask } from '../tekton/pipeline.ts';

/** Not required, so that one file serves repositories that everybody may read. */
const NO_SECRET = '';

const PARAMS: readonly ParamSpec[] = [
  { name: 'catalog-url', description: 'Git repository that the tasks are fetched from.' },
  { name: 'catalog-revision', description: 'Commit of it.' },
  {
    name: 'catalog-secret',
    description: 'Secret whose key token reads it; empty: nobody needs one.',
    default: NO_SECRET,
  },
];

const valuesOf = (names: readonly (readonly [name: string, param: string])[]): Param[] =>
  names.map(([name, param]) => ({ name, value: `$(params.${param})` }));

/** Tekton fills params into those of a resolver before it asks it (Tekton docs: pipelines.md, "Using the taskRef"). */
const TASK_SOURCE = valuesOf([
  ['url', 'catalog-url'],
  ['revision', 'catalog-revision'],
  ['gitToken', 'catalog-secret'],
]);
const OWN_SOURCE = valuesOf(PARAMS.map(({ name }) => [name, name]));

/** `makers`: names of Tasks that make TaskRuns of other Tasks of the catalog, and so must know where it is. */
export function pinPipeline(pipeline: Pipeline, makers: ReadonlySet<string>): Pipeline {
  const { spec } = pipeline;
  const pin = (task: PipelineTask): PipelineTask => pinTask(task, makers);
  return {
    ...pipeline,
    spec: {
      ...spec,
      params: [...(spec.params ?? []), ...PARAMS],
      tasks: spec.tasks.map(pin),
      ...(spec.finally === undefined ? {} : { finally: spec.finally.map(pin) }),
    },
  };
}

function pinTask(task: PipelineTask, makers: ReadonlySet<string>): PipelineTask {
  const name = task.taskRef?.name;
  if (name === undefined) return task;
  const pathInRepo = { name: 'pathInRepo', value: `tasks/${name}.yaml` };
  return {
    ...task,
    taskRef: { resolver: 'git', params: [...TASK_SOURCE, pathInRepo] },
    ...(makers.has(name) ? { params: [...(task.params ?? []), ...OWN_SOURCE] } : {}),
  };
}
