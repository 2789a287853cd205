/** Which TaskRuns belong to which PipelineRun: kept up to date by watching, so that no look at a run lists them all. */

import type { KubeObject } from '../../contracts/kube-object.ts';
import type { ObjectStore, WatchEvent } from '../../contracts/object-store.ts';
import { TEKTON_GROUP, TEKTON_LABEL } from '../specs/tekton-labels.ts';

export interface RunChildren {
  /** TaskRuns that the engine made for a PipelineRun, by name. */
  of(pipelineRunUid: string): readonly KubeObject[];
  apply(event: WatchEvent): void;
}

/** `namespace/name` of the PipelineRun that a TaskRun was made for by the engine; undefined for any other. */
export function parentOf(taskRun: KubeObject): { readonly key: string; readonly uid: string } | undefined {
  const owner = taskRun.metadata.ownerReferences?.find(
    (one) => one.kind === 'PipelineRun' && one.controller === true,
  );
  const isMadeByEngine = taskRun.metadata.labels?.[TEKTON_LABEL.pipelineTask] !== undefined;
  if (owner === undefined || !isMadeByEngine) return undefined;
  return { key: `${taskRun.metadata.namespace ?? ''}/${owner.name}`, uid: owner.uid };
}

/** Starts from what the store holds. */
export function createRunChildren(store: ObjectStore): RunChildren {
  const children = new Map<string, Map<string, KubeObject>>();
  const set = (object: KubeObject): void => {
    const parent = parentOf(object);
    if (parent === undefined) return;
    const siblings = children.get(parent.uid) ?? new Map<string, KubeObject>();
    siblings.set(object.metadata.name ?? '', object);
    children.set(parent.uid, siblings);
  };
  const remove = (object: KubeObject): void => {
    const uid = parentOf(object)?.uid ?? '';
    const siblings = children.get(uid);
    siblings?.delete(object.metadata.name ?? '');
    if (siblings?.size === 0) children.delete(uid);
  };
  for (const object of store.list({ group: TEKTON_GROUP, resource: 'taskruns' }).items) set(object);
  return {
    of: (uid) => [...(children.get(uid)?.values() ?? [])],
    apply: (event) => (event.type === 'DELETED' ? remove(event.object) : set(event.object)),
  };
}
