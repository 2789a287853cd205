/** PersistentVolumeClaims: objects of the cluster, each with a host directory. */

import { mkdirSync } from 'node:fs';
import type { Result } from '@tekton-dag/model';
import type { ClusterContext } from '../../contracts/cluster-context.ts';
import type { KubeObject, OwnerReference } from '../../contracts/kube-object.ts';
import type { StoreRefusal } from '../../contracts/object-store.ts';
import { removeDirectory } from '../../remove-directory.ts';
import { claimNameOf } from '../pipeline-run/bind-workspaces.ts';
import type { WorkspaceBinding } from '../specs/volume-spec.ts';

export const CLAIMS = { group: '', resource: 'persistentvolumeclaims' } as const;

/** The directory of a claim, made on demand; undefined when there is no such claim. */
export function claimDirectory(context: ClusterContext, namespace: string, name: string): string | undefined {
  const claim = context.store.get({ ...CLAIMS, namespace, name });
  if (claim === undefined) return undefined;
  const directory = directoryOf(context, claim);
  mkdirSync(directory, { recursive: true });
  return directory;
}

/** Makes the claim of a volumeClaimTemplate; it goes with its owner. */
export function createClaim(
  context: ClusterContext,
  namespace: string,
  binding: WorkspaceBinding,
  owner: OwnerReference,
): Result<KubeObject, StoreRefusal> {
  return context.store.create(CLAIMS, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: claimNameOf(owner.uid, binding), namespace, ownerReferences: [owner] },
    spec: binding.volumeClaimTemplate?.['spec'] ?? {},
  });
}

/** Removes the files of a claim that is gone. Never rejects. */
export async function removeClaimDirectory(context: ClusterContext, claim: KubeObject): Promise<void> {
  await removeDirectory(directoryOf(context, claim), context.log);
}

function directoryOf(context: ClusterContext, claim: KubeObject): string {
  return context.paths.volume(`claim-${claim.metadata.uid ?? ''}`, 'data');
}
