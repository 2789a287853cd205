/**
 * startTriggersListener: Tekton Triggers' EventListener with the GitHub interceptor, which makes a pending PipelineRun of
 * each pull request event, as its own example does (tektoncd/triggers, examples/v1beta1/github).
 */

import { waitFor, type GenericObject, type KubeClient, type ResourceDefinition } from '@tekton-dag/kube';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ListenerOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly webhookSecret: string;
  /** Of the sink: KUBE_API_QPS and KUBE_API_BURST; absent: as shipped. */
  readonly clientLimit?: number;
}

export interface Listener extends AsyncDisposable {
  readonly url: string;
}

const NAME = 'bench';
const PORT = 8080;
const START_TIMEOUT_MS = 120_000;
const PROBE_TIMEOUT_MS = 60_000;
const PROBE_EVERY_MS = 500;

/** Where the objects live; the group's API may not be there at all. */
const define = (group: string, version: string, plural: string, kind: string): ResourceDefinition => ({
  group,
  version,
  plural,
  kind,
  namespaced: plural !== 'clusterrolebindings',
});
const RBAC = 'rbac.authorization.k8s.io';
const TRIGGERS = 'triggers.tekton.dev';
const definitions: Readonly<Record<string, ResourceDefinition>> = {
  Secret: define('', 'v1', 'secrets', 'Secret'),
  ServiceAccount: define('', 'v1', 'serviceaccounts', 'ServiceAccount'),
  RoleBinding: define(RBAC, 'v1', 'rolebindings', 'RoleBinding'),
  ClusterRoleBinding: define(RBAC, 'v1', 'clusterrolebindings', 'ClusterRoleBinding'),
  TriggerBinding: define(TRIGGERS, 'v1beta1', 'triggerbindings', 'TriggerBinding'),
  TriggerTemplate: define(TRIGGERS, 'v1beta1', 'triggertemplates', 'TriggerTemplate'),
  EventListener: define(TRIGGERS, 'v1beta1', 'eventlisteners', 'EventListener'),
};
const deployments = define('apps', 'v1', 'deployments', 'Deployment');
const services = define('', 'v1', 'services', 'Service');

/** True where the cluster has Tekton Triggers. */
export async function hasTriggers(client: KubeClient, namespace: string): Promise<boolean> {
  const listeners = client.resource(
    define(TRIGGERS, 'v1beta1', 'eventlisteners', 'EventListener'),
    namespace,
  );
  return listeners.list({ limit: 1 }).then(
    () => true,
    () => false,
  );
}

/** Resolves when the listener answers. What it makes goes with the namespace, and its cluster role binding by disposing. */
export async function startTriggersListener(options: ListenerOptions): Promise<Listener> {
  const { client, namespace } = options;
  const resourceOf = (kind: string) => {
    const definition = definitions[kind];
    if (definition === undefined) throw new Error(`no definition of ${kind}`);
    return client.resource(definition, definition.namespaced ? namespace : undefined);
  };
  await using unfinished = new AsyncDisposableStack();
  unfinished.defer(async () => {
    await resourceOf('EventListener').delete(NAME);
    await resourceOf('ClusterRoleBinding').delete(`${namespace}-triggers`);
  });
  for (const object of renderObjects(options)) {
    await resourceOf(object.kind ?? '').apply(object, { fieldManager: 'bench', force: true });
  }
  const deployment = await waitFor(client.resource(deployments, namespace), `el-${NAME}`, isAvailable, {
    timeoutMs: START_TIMEOUT_MS,
  });
  if (!deployment.ok) throw new Error('the EventListener does not start');
  const service = await client.resource(services, namespace).get(`el-${NAME}`);
  const url = `http://${String(Reflect.get(Object(service?.['spec']), 'clusterIP'))}:${PORT}`;
  await answers(url);
  const owned = unfinished.move();
  return { url, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function isAvailable(deployment: GenericObject | undefined): boolean {
  return Number(Reflect.get(Object(deployment?.['status']), 'availableReplicas') ?? 0) > 0;
}

/** Any answer will do: an unsigned request is refused. */
async function answers(url: string): Promise<void> {
  const deadline = performance.now() + PROBE_TIMEOUT_MS;
  for (;;) {
    try {
      await (await fetch(url, { method: 'POST', body: '{}' })).arrayBuffer();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(PROBE_EVERY_MS);
    }
  }
}

function renderObjects({ namespace, webhookSecret, clientLimit }: ListenerOptions): readonly GenericObject[] {
  const account = { kind: 'ServiceAccount', name: 'triggers', namespace };
  const binding = (kind: string, name: string, role: string): GenericObject => ({
    apiVersion: `${RBAC}/v1`,
    kind,
    metadata: { name },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: role },
    subjects: [account],
  });
  const stringData = { token: webhookSecret, 'client-limit': String(clientLimit ?? 0) };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'triggers' } },
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'github' }, stringData },
    binding('RoleBinding', 'triggers', 'tekton-triggers-eventlistener-roles'),
    binding('ClusterRoleBinding', `${namespace}-triggers`, 'tekton-triggers-eventlistener-clusterroles'),
    {
      apiVersion: `${TRIGGERS}/v1beta1`,
      kind: 'TriggerBinding',
      metadata: { name: NAME },
      spec: { params: [{ name: 'number', value: '$(body.number)' }] },
    },
    {
      apiVersion: `${TRIGGERS}/v1beta1`,
      kind: 'TriggerTemplate',
      metadata: { name: NAME },
      spec: { params: [{ name: 'number' }], resourcetemplates: [renderRun()] },
    },
    {
      apiVersion: `${TRIGGERS}/v1beta1`,
      kind: 'EventListener',
      metadata: { name: NAME },
      spec: { triggers: [renderTrigger()], resources: { kubernetesResource: renderSink(clientLimit) } },
    },
  ];
}

function renderRun(): GenericObject {
  return {
    apiVersion: 'tekton.dev/v1',
    kind: 'PipelineRun',
    metadata: { generateName: 'triggered-' },
    spec: {
      status: 'PipelineRunPending',
      pipelineRef: { name: 'stack-pr-test' },
      params: [{ name: 'pr-number', value: '$(tt.params.number)' }],
    },
  };
}

function renderTrigger(): object {
  const secretRef = { name: 'secretRef', value: { secretName: 'github', secretKey: 'token' } };
  const eventTypes = { name: 'eventTypes', value: ['pull_request'] };
  return {
    name: 'github',
    interceptors: [{ ref: { name: 'github' }, params: [secretRef, eventTypes] }],
    bindings: [{ ref: NAME }],
    template: { ref: NAME },
  };
}

function renderSink(clientLimit: number | undefined): object {
  const names = clientLimit === undefined ? [] : ['KUBE_API_QPS', 'KUBE_API_BURST'];
  // The admission of Triggers takes no plain values here.
  const env = names.map((name) => ({
    name,
    valueFrom: { secretKeyRef: { name: 'github', key: 'client-limit' } },
  }));
  return { spec: { template: { spec: { serviceAccountName: 'triggers', containers: [{ env }] } } } };
}
