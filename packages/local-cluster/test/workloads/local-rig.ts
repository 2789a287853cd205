/** The workload controllers over a real store and a real runtime, without the API in front. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { ClusterContext, Controller } from '../../src/contracts/cluster-context.ts';
import type { KubeObject, ResourceKey } from '../../src/contracts/kube-object.ts';
import type { ResourceDefinition } from '../../src/contracts/resource-definition.ts';
import type { ClusterObjectStore } from '../../src/objects/cluster-object-store.ts';
import { createObjectStore } from '../../src/objects/create-object-store.ts';
import { createContainerRuntime } from '../../src/runtime/container-runtime.ts';
import { statePaths } from '../../src/state-paths.ts';
import { workloadResources } from '../../src/workloads/resources.ts';
import { createWorkloadControllers } from '../../src/workloads/workload-controllers.ts';
import { isPod, PODS, type Pod } from '../../src/workloads/specs/workload-objects.ts';

const stored = (resource: string, kind: string): ResourceDefinition => ({
  group: '',
  resource,
  version: 'v1',
  kind,
  singular: kind.toLowerCase(),
  namespaced: true,
});

export interface LocalRig extends AsyncDisposable {
  readonly store: ClusterObjectStore;
  readonly context: ClusterContext;
  readonly state: string;
  create(resource: ResourceKey, object: KubeObject): KubeObject;
  get(resource: ResourceKey, name: string): KubeObject | undefined;
  pod(name: string): Pod | undefined;
  pods(): readonly Pod[];
  /** The messages of the events about an object. */
  events(name: string): readonly string[];
  log(pod: string, container?: string): string;
  /** Ends the cluster without a word, as kill -9 would, but for the processes. */
  stop(): Promise<void>;
}

export interface RigOptions {
  readonly state?: string;
  readonly registryHost?: string;
}

export async function createLocalRig({
  state = mkdtempSync(join(tmpdir(), 'workloads-')),
  registryHost = '127.0.0.1:1',
}: RigOptions = {}): Promise<LocalRig> {
  const paths = statePaths(state);
  const log = {
    info() {},
    warn() {},
    error: (fields: Record<string, unknown>, message: string) =>
      faults.push(`${message} ${JSON.stringify(fields)}`),
  };
  const faults: string[] = [];
  const store = createObjectStore({
    file: join(state, 'cluster.sqlite'),
    resources: [
      ...workloadResources,
      stored('configmaps', 'ConfigMap'),
      stored('secrets', 'Secret'),
      stored('serviceaccounts', 'ServiceAccount'),
      stored('persistentvolumeclaims', 'PersistentVolumeClaim'),
      stored('events', 'Event'),
    ],
  });
  const runtime = createContainerRuntime({
    paths,
    selfCommand: [process.execPath],
    registryHost,
    hostPath: process.env['PATH'] ?? '',
    log,
  });
  await runtime.recover();
  const context: ClusterContext = {
    store,
    runtime,
    paths,
    log,
    now: () => new Date(),
    serviceAccountKubeconfig: (namespace, name) => join(state, `kubeconfig-${namespace}-${name}`),
    registryHost,
  };
  const controllers: Controller[] = createWorkloadControllers(context);
  controllers.forEach((controller) => controller.start());
  const stop = async (): Promise<void> => {
    await Promise.all(controllers.map((controller) => controller.stop()));
    await runtime.close();
    store.close();
  };
  return {
    store,
    context,
    state,
    create(resource, object) {
      const created = store.create(resource, object);
      if (!created.ok) throw new Error(`${created.error.message} ${JSON.stringify(created.error.causes)}`);
      return created.value;
    },
    get: (resource, name) => store.get({ ...resource, namespace: 'default', name }),
    pod(name) {
      const found = store.get({ ...PODS, namespace: 'default', name });
      return found !== undefined && isPod(found) ? found : undefined;
    },
    pods: () => store.list(PODS).items.filter(isPod),
    events: (name) =>
      store
        .list({ group: '', resource: 'events' })
        .items.filter((event) => JSON.stringify(event['involvedObject']).includes(`"name":"${name}"`))
        .map((event) => `${String(event['reason'])}: ${String(event['message'])}`),
    log(pod, container = 'app') {
      const uid = store.get({ ...PODS, namespace: 'default', name: pod })?.metadata.uid ?? '';
      return readFileSync(paths.containerLog(uid, container), 'utf8').replaceAll(/^\S+ \S+ [FP] /gm, '');
    },
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      rmSync(state, { recursive: true, force: true });
      expect(faults).toEqual([]);
    },
  };
}

/** A pod with one container `app` that runs a shell script. */
export function shellPod(
  name: string,
  script: string,
  spec: Record<string, unknown> = {},
  container: Record<string, unknown> = {},
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels: { app: name } },
    spec: { ...shellPodSpec(script, container), ...spec },
  };
}

function shellPodSpec(script: string, container: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    terminationGracePeriodSeconds: 1,
    containers: [{ name: 'app', image: 'busybox:1', command: ['sh', '-c', script], ...container }],
  };
}

/** A script that serves its name and pid over HTTP at $PORT. */
export const SERVER_SCRIPT = `exec "${process.execPath}" -e '
  require("node:http").createServer((request, response) => response.end(process.env.HOSTNAME + " " + request.url))
    .listen(Number(process.env.PORT), "0.0.0.0");
  process.on("SIGTERM", () => process.exit(0));
'`;
