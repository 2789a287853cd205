/** The router of one namespace: two replicas, no privileges, its own token; pure. */
import { LABEL, MANAGED_BY } from '@tekton-dag/model';
import type { Deployment, Secret, ServiceAccount } from '@tekton-dag/kube';
import { restrictedSecurityContext } from '../kubernetes/restricted-security-context.ts';
import type { RbacObject } from '../kubernetes/run-kinds.ts';
import { ROUTER_NAME } from '../traffic/router-name.ts';

const ADMIN_PORT = 15_021;

const metadataOf = (namespace: string) => ({
  name: ROUTER_NAME,
  namespace,
  labels: { [LABEL.managedBy]: MANAGED_BY, [LABEL.name]: ROUTER_NAME },
});

export const renderRouterServiceAccount = (namespace: string): ServiceAccount => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: metadataOf(namespace),
});

/** Read-only: what the route table is made of, as in pipeline/rbac-apps.yaml. */
export const renderRouterRole = (namespace: string): RbacObject => {
  const verbs = ['list', 'watch'];
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: metadataOf(namespace),
    rules: [
      { apiGroups: [''], resources: ['services'], verbs },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs },
      { apiGroups: ['gateway.networking.k8s.io'], resources: ['httproutes'], verbs },
    ],
  };
};

export const renderRouterRoleBinding = (namespace: string): RbacObject => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: metadataOf(namespace),
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: ROUTER_NAME },
  subjects: [{ kind: 'ServiceAccount', name: ROUTER_NAME, namespace }],
});

/** `token` guards the admin port. */
export const renderRouterSecret = (namespace: string, token: string): Secret => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: metadataOf(namespace),
  type: 'Opaque',
  data: { token: Buffer.from(token, 'utf8').toString('base64') },
});

const fromField = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });

const routerContainer = (image: string) => ({
  name: 'router',
  image,
  imagePullPolicy: 'IfNotPresent',
  command: ['tekton-dag', 'router'],
  env: [
    fromField('POD_IP', 'status.podIP'),
    fromField('POD_NAME', 'metadata.name'),
    fromField('POD_NAMESPACE', 'metadata.namespace'),
    { name: 'ROUTER_TOKEN', valueFrom: { secretKeyRef: { name: ROUTER_NAME, key: 'token' } } },
  ],
  readinessProbe: { httpGet: { path: '/readyz', port: ADMIN_PORT }, periodSeconds: 1, failureThreshold: 3 },
  livenessProbe: { httpGet: { path: '/healthz', port: ADMIN_PORT }, periodSeconds: 10, failureThreshold: 3 },
  // Traffic is sent here until every node knows that the pod goes.
  lifecycle: { preStop: { sleep: { seconds: 5 } } },
  resources: { requests: { cpu: '50m', memory: '96Mi' } },
  securityContext: { ...restrictedSecurityContext(), readOnlyRootFilesystem: true },
});

/** The ports it serves follow from Services and are not declared. A rollout never leaves fewer than two. */
export const renderRouterDeployment = (namespace: string, image: string): Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: metadataOf(namespace),
  spec: {
    replicas: 2,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    selector: { matchLabels: { [LABEL.name]: ROUTER_NAME } },
    template: {
      metadata: { labels: { [LABEL.name]: ROUTER_NAME, [LABEL.managedBy]: MANAGED_BY } },
      spec: { serviceAccountName: ROUTER_NAME, containers: [routerContainer(image)] },
    },
  },
});
