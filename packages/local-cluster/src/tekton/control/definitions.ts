/** Looks up Pipelines, Tasks and StepActions in the cluster, by name or through the cluster resolver. */

import { err, ok, type Result } from '@tekton-dag/model';
import type { KubeObject } from '../../contracts/kube-object.ts';
import type { ObjectStore } from '../../contracts/object-store.ts';
import type { Definitions } from '../pipeline-run/pipeline-definitions.ts';
import type { DefinitionRef } from '../specs/pipeline-spec.ts';
import { readPipelineSpec, readStepActionSpec, readTaskSpec } from '../specs/read-run.ts';
import { TEKTON_GROUP, TEKTON_LABEL } from '../specs/tekton-labels.ts';
import type { TaskDefinitions } from '../task-run/resolve-task.ts';

type Resource = 'pipelines' | 'tasks' | 'stepactions';

/** The object, or why it cannot be had, in Tekton's words. */
type Found = Result<KubeObject, string>;

interface Place {
  readonly store: ObjectStore;
  readonly namespace: string;
}

function findByName({ store, namespace }: Place, resource: Resource, name: string): Found {
  const object = name === '' ? undefined : store.get({ group: TEKTON_GROUP, resource, namespace, name });
  return object === undefined ? err(`${resource}.${TEKTON_GROUP} "${name}" not found`) : ok(object);
}

function find(place: Place, resource: Resource, ref: DefinitionRef): Found {
  if (ref.resolver === undefined) return findByName(place, resource, ref.name ?? '');
  if (ref.resolver === 'cluster') return findByClusterResolver(place.store, resource, ref);
  return err(`resolver "${ref.resolver}" is not available in a local cluster`);
}

/** Tekton docs: cluster-resolver.md; `kind` is task when it is not given. */
function findByClusterResolver(
  store: ObjectStore,
  resource: Resource,
  { params = [] }: DefinitionRef,
): Found {
  const given = new Map(
    params.flatMap(({ name, value }) => (typeof value === 'string' ? [[name, value]] : [])),
  );
  const missing = ['name', 'namespace'].filter((name) => (given.get(name) ?? '') === '');
  if (missing.length > 0) {
    return refuseRequest(`missing required cluster resolver params: ${missing.join(', ')}`);
  }
  const kind = given.get('kind') ?? 'task';
  if (`${kind}s` !== resource) return refuseRequest(`unknown or unsupported resource kind '${kind}'`);
  const found = findByName(
    { store, namespace: given.get('namespace') ?? '' },
    resource,
    given.get('name') ?? '',
  );
  return found.ok ? found : refuseRequest(found.error);
}

const refuseRequest = (why: string): Found => err(`error requesting remote resource: ${why}`);

const definedBy = ({ metadata: { name = '', labels = {}, annotations = {} } }: KubeObject) => ({
  name,
  labels,
  annotations,
});

/** What a PipelineRun refers to. */
export function definitionsOf(store: ObjectStore, namespace: string): Definitions {
  const place = { store, namespace };
  return {
    pipeline: (ref) => {
      const found = find(place, 'pipelines', ref);
      return found.ok ? ok({ ...definedBy(found.value), spec: readPipelineSpec(found.value) }) : found;
    },
    task: (ref) => {
      const found = find(place, 'tasks', ref);
      return found.ok ? ok(readTaskSpec(found.value)) : found;
    },
  };
}

/** What a TaskRun refers to. */
export function taskDefinitionsOf(store: ObjectStore, namespace: string): TaskDefinitions {
  const place = { store, namespace };
  return {
    task: (ref) => {
      const found = find(place, 'tasks', ref);
      if (!found.ok) return found;
      const task = definedBy(found.value);
      const labels = { ...task.labels, [TEKTON_LABEL.task]: task.name };
      return ok({ ...task, labels, spec: readTaskSpec(found.value) });
    },
    stepAction: (ref) => {
      const found = find(place, 'stepactions', ref);
      return found.ok ? ok(readStepActionSpec(found.value)) : found;
    },
  };
}
