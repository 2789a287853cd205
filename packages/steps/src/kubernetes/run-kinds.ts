/** Where the kinds live that kube does not type: Tekton's runs and Gateway API routes. */
import type { PipelineRun, TaskRun } from '@tekton-dag/model';
import type { KubeObject, ResourceDefinition } from '@tekton-dag/kube';

/** The part of an HTTPRoute that we write (Gateway API v1, GEP-1324: a Service as parent). */
export interface HttpRoute extends KubeObject {
  readonly spec?: {
    readonly parentRefs: readonly {
      readonly group: string;
      readonly kind: string;
      readonly name: string;
      readonly port?: number;
    }[];
    readonly rules: readonly HttpRouteRule[];
  };
}

export interface HttpRouteRule {
  readonly matches?: readonly {
    readonly headers: readonly { readonly type: string; readonly name: string; readonly value: string }[];
  }[];
  readonly backendRefs: readonly { readonly name: string; readonly port: number }[];
}

/** Roles and bindings as we write them. */
export interface RbacObject extends KubeObject {
  readonly rules?: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
  }[];
  readonly roleRef?: { readonly apiGroup: string; readonly kind: string; readonly name: string };
  readonly subjects?: readonly { readonly kind: string; readonly name: string; readonly namespace: string }[];
}

const tekton = { group: 'tekton.dev', version: 'v1', namespaced: true };
const rbac = { group: 'rbac.authorization.k8s.io', version: 'v1', namespaced: true };

export const pipelineRuns: ResourceDefinition<PipelineRun> = {
  ...tekton,
  plural: 'pipelineruns',
  kind: 'PipelineRun',
};
export const taskRuns: ResourceDefinition<TaskRun> = { ...tekton, plural: 'taskruns', kind: 'TaskRun' };
export const roles: ResourceDefinition<RbacObject> = { ...rbac, plural: 'roles', kind: 'Role' };
export const roleBindings: ResourceDefinition<RbacObject> = {
  ...rbac,
  plural: 'rolebindings',
  kind: 'RoleBinding',
};
export const httpRoutes: ResourceDefinition<HttpRoute> = {
  group: 'gateway.networking.k8s.io',
  version: 'v1',
  plural: 'httproutes',
  kind: 'HTTPRoute',
  namespaced: true,
};
