/** isControlledBy: whether an object belongs to another as its controller's work (Kubernetes, "Owners and Dependents"). */

import type { KubeObject } from '../../contracts/kube-object.ts';

/** True when the one owner reference that says `controller` names `owner`. */
export function isControlledBy(
  { metadata }: Pick<KubeObject, 'metadata'>,
  owner: Pick<KubeObject, 'metadata'>,
): boolean {
  const references = metadata.ownerReferences ?? [];
  return references.some(({ uid, controller }) => uid === owner.metadata.uid && controller === true);
}
