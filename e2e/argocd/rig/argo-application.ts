/** Applications of Argo CD, as far as the tests read them. */

import type { KubeObject, ResourceDefinition } from '@tekton-dag/kube';

export const ARGOCD_NAMESPACE = 'argocd';

export interface ArgoApplication extends KubeObject {
  readonly spec?: { readonly project?: string };
  readonly status?: {
    readonly sync?: { readonly status?: string; readonly revision?: string };
    readonly health?: { readonly status?: string; readonly message?: string };
    readonly conditions?: readonly { readonly type: string; readonly message: string }[];
    readonly operationState?: {
      readonly operation?: { readonly initiatedBy?: { readonly username?: string } };
      readonly phase?: string;
      readonly message?: string;
      readonly syncResult?: { readonly revision?: string; readonly resources?: readonly SyncedObject[] };
    };
    readonly resources?: readonly ManagedObject[];
  };
}

/** An object of the last sync and how it went. */
export interface SyncedObject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly status?: string;
  readonly message?: string;
}

/** An object that the application counts as its own. */
export interface ManagedObject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly status?: string;
}

const coordinates = { group: 'argoproj.io', version: 'v1alpha1', namespaced: true };

export const applications: ResourceDefinition<ArgoApplication> = {
  ...coordinates,
  plural: 'applications',
  kind: 'Application',
};

export const applicationSets: ResourceDefinition = {
  ...coordinates,
  plural: 'applicationsets',
  kind: 'ApplicationSet',
};

export const projects: ResourceDefinition = { ...coordinates, plural: 'appprojects', kind: 'AppProject' };

/** Synced and healthy, and nothing is going on; `revision`: at that commit. */
export function isDelivered({ status }: ArgoApplication, revision?: string): boolean {
  return (
    status?.sync?.status === 'Synced' &&
    status.health?.status === 'Healthy' &&
    status.operationState?.phase !== 'Running' &&
    (revision === undefined || status.sync.revision === revision)
  );
}

/** What Argo CD complains of: conditions, and where a sync failed or goes on, its words and those of the objects. */
export function complaintsOf({ status }: ArgoApplication): string {
  const { phase, message = '', syncResult } = status?.operationState ?? {};
  const refused = (syncResult?.resources ?? []).filter((object) => object.status === 'SyncFailed');
  return [
    ...(status?.conditions ?? []).map((condition) => condition.message),
    ...(phase === 'Succeeded' ? [] : [message]),
    ...refused.map((object) => object.message ?? ''),
  ].join('\n');
}
