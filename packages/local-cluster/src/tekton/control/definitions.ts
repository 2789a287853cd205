/** Looks up Pipelines, Tasks and StepActions: in the cluster by name or through the cluster resolver, or as fetched from Git. */

import { err, ok, type Result } from '@tekton-dag/model';
import type { KubeObject } from '../../contracts/kube-object.ts';
import type { ObjectStore } from '../../contracts/object-store.ts';
import type { Definitions } from '../pipeline-run/pipeline-definitions.ts';
import type { DefinitionRef } from '../specs/pipeline-spec.ts';
import { readPipelineSpec, readStepActionSpec, readTaskSpec } from '../specs/read-run.ts';
import { TEKTON_GROUP, TEKTON_LABEL } from '../specs/tekton-labels.ts';
import type { DefinitionResource } from '../remote/parse-definition.ts';
import type { RefSource, RemoteDefinitions } from '../remote/remote-definitions.ts';
import type { TaskDefinitions } from '../task-run/resolve-task.ts';

interface FoundObject {
  readonly object: KubeObject;
  /** Where it was fetched from. */
  readonly refSource?: RefSource;
}

/** The object, or why it cannot be had, in Tekton's words. */
type Found = Result<FoundObject, string>;

/** Where a run looks. */
export interface DefinitionPlace {
  readonly store: ObjectStore;
  readonly remote: RemoteDefinitions;
  readonly namespace: string;
  /** uid of the run. */
  readonly owner: string;
}

function findByName(
  { store, namespace }: Pick<DefinitionPlace, 'store' | 'namespace'>,
  resource: DefinitionResource,
  name: string,
): Found {
  const object = name === '' ? undefined : store.get({ group: TEKTON_GROUP, resource, namespace, name });
  return object === undefined ? err(`${resource}.${TEKTON_GROUP} "${name}" not found`) : ok({ object });
}

function find(place: DefinitionPlace, resource: DefinitionResource, ref: DefinitionRef): Found {
  if (ref.resolver === undefined) return findByName(place, resource, ref.name ?? '');
  if (ref.resolver === 'cluster') return findByClusterResolver(place.store, resource, ref);
  if (ref.resolver === 'git') return place.remote.find({ resource, ref, ...place }) ?? err(NOT_FETCHED);
  return err(`resolver "${ref.resolver}" is not available in a local cluster`);
}

/** A reference that only the result of another task completes is fetched when its own TaskRun starts. */
const NOT_FETCHED = 'not fetched yet';

/** Tekton docs: cluster-resolver.md; `kind` is task when it is not given. */
function findByClusterResolver(
  store: ObjectStore,
  resource: DefinitionResource,
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

const definedBy = ({ object, refSource }: FoundObject) => {
  const { name = '', labels = {}, annotations = {} } = object.metadata;
  return { name, labels, annotations, ...(refSource !== undefined && { refSource }) };
};

/** What a PipelineRun refers to. */
export function definitionsOf(place: DefinitionPlace): Definitions {
  return {
    pipeline: (ref) => {
      const found = find(place, 'pipelines', ref);
      return found.ok ? ok({ ...definedBy(found.value), spec: readPipelineSpec(found.value.object) }) : found;
    },
    task: (ref) => {
      const found = find(place, 'tasks', ref);
      return found.ok ? ok(readTaskSpec(found.value.object)) : found;
    },
  };
}

/** What a TaskRun refers to. */
export function taskDefinitionsOf(place: DefinitionPlace): TaskDefinitions {
  return {
    task: (ref) => {
      const found = find(place, 'tasks', ref);
      if (!found.ok) return found;
      const task = definedBy(found.value);
      const labels = { ...task.labels, [TEKTON_LABEL.task]: task.name };
      return ok({ ...task, labels, spec: readTaskSpec(found.value.object) });
    },
    stepAction: (ref) => {
      const found = find(place, 'stepactions', ref);
      return found.ok ? ok(readStepActionSpec(found.value.object)) : found;
    },
  };
}
