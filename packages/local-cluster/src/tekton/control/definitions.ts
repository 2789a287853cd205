/** Looks up Pipelines, Tasks and StepActions of a namespace in the cluster. */

import type { KubeObject } from '../../contracts/kube-object.ts';
import type { ObjectStore } from '../../contracts/object-store.ts';
import type { Definitions } from '../pipeline-run/resolve-pipeline-run.ts';
import { readPipelineSpec, readStepActionSpec, readTaskSpec } from '../specs/read-run.ts';
import { TEKTON_GROUP, TEKTON_LABEL } from '../specs/tekton-labels.ts';
import type { TaskDefinitions } from '../task-run/resolve-task.ts';

type Find = (resource: string, name: string) => KubeObject | undefined;

const findIn =
  (store: ObjectStore, namespace: string): Find =>
  (resource, name) =>
    name === '' ? undefined : store.get({ group: TEKTON_GROUP, resource, namespace, name });

/** What a PipelineRun refers to. */
export function definitionsOf(store: ObjectStore, namespace: string): Definitions {
  const find = findIn(store, namespace);
  const read = <T>(object: KubeObject | undefined, reader: (object: KubeObject) => T): T | undefined =>
    object === undefined ? undefined : reader(object);
  return {
    pipeline: (name) => read(find('pipelines', name), readPipelineSpec),
    task: (name) => read(find('tasks', name), readTaskSpec),
  };
}

/** What a TaskRun refers to. */
export function taskDefinitionsOf(store: ObjectStore, namespace: string): TaskDefinitions {
  const find = findIn(store, namespace);
  return {
    task: (name) => {
      const object = find('tasks', name);
      if (object === undefined) return undefined;
      const labels = { ...object.metadata.labels, [TEKTON_LABEL.task]: name };
      return { name, labels, spec: readTaskSpec(object) };
    },
    stepAction: (name) => {
      const object = find('stepactions', name);
      return object === undefined ? undefined : readStepActionSpec(object);
    },
  };
}
