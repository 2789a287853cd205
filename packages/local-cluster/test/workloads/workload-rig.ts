/** A namespace of the cluster of the tests in which workloads run; what is in it is known by watching. */

import { randomBytes } from 'node:crypto';
import { until } from './until.ts';
import type { KubeObject, ResourceKey } from '../../src/contracts/kube-object.ts';
import { readText } from '../../src/api/kinds/read-field.ts';
import {
  DEPLOYMENTS,
  ENDPOINT_SLICES,
  ENDPOINTS,
  isPod,
  JOBS,
  PODS,
  REPLICA_SETS,
  SERVICES,
  type Pod,
} from '../../src/workloads/specs/workload-objects.ts';
import { isForeignCluster, openNamespace, type TestCluster } from '../cluster-fixture.ts';

export const CONFIG_MAPS: ResourceKey = { group: '', resource: 'configmaps' };
export const SECRETS: ResourceKey = { group: '', resource: 'secrets' };
const EVENTS: ResourceKey = { group: '', resource: 'events' };

const WATCHED = [PODS, DEPLOYMENTS, REPLICA_SETS, JOBS, SERVICES, ENDPOINT_SLICES, ENDPOINTS, EVENTS];

export interface WorkloadRig extends AsyncDisposable {
  readonly namespace: string;
  /** Resolves when the watch has told the object; throws the message of a refusal. */
  create(resource: ResourceKey, object: KubeObject): Promise<void>;
  /** The message of the refusal of an object; '' when it was accepted. */
  refusal(resource: ResourceKey, object: KubeObject): Promise<string>;
  /** Merges into an object; gives the message of the refusal, '' when it was accepted. */
  patch(resource: ResourceKey, name: string, change: Readonly<Record<string, unknown>>): Promise<string>;
  remove(resource: ResourceKey, name: string, options?: Readonly<Record<string, unknown>>): Promise<void>;
  get(resource: ResourceKey, name: string): KubeObject | undefined;
  list(resource: ResourceKey): readonly KubeObject[];
  pod(name: string): Pod | undefined;
  pods(): readonly Pod[];
  /** The messages of the events about an object. */
  events(name: string): readonly string[];
  log(pod: string, container?: string): Promise<string>;
  /** Calls at each change that the watch of a kind tells, until the returned function is called. */
  watch(resource: ResourceKey, onChange: () => void): () => void;
}

const VERSIONS: Readonly<Record<string, string>> = {
  apps: '/apis/apps/v1',
  batch: '/apis/batch/v1',
  'discovery.k8s.io': '/apis/discovery.k8s.io/v1',
};

/** One kind of a namespace, kept up to date by a watch. */
interface Followed {
  readonly objects: Map<string, KubeObject>;
  /** Names of all that were ever told. */
  readonly told: Set<string>;
  readonly listeners: Set<() => void>;
}

function follow(cluster: TestCluster, path: string, signal: AbortSignal): Followed {
  const objects = new Map<string, KubeObject>();
  const told = new Set<string>();
  const listeners = new Set<() => void>();
  const read = async (): Promise<void> => {
    for await (const { type, object } of cluster.stream(`${path}?watch=1`, signal)) {
      const { name = '' } = object.metadata;
      told.add(name);
      if (type === 'DELETED') objects.delete(name);
      else objects.set(name, object);
      for (const listener of listeners) listener();
    }
  };
  // A watch that is still being opened when the rig ends is refused; that is the end of it, not a fault.
  void read().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return { objects, told, listeners };
}

/** Opens a namespace of its own in a cluster that is up. */
export async function createWorkloadRig(cluster: TestCluster): Promise<WorkloadRig> {
  const namespace = `t-${randomBytes(5).toString('hex')}`;
  const close = await openNamespace(cluster, namespace);
  const pathOf = ({ group, resource }: ResourceKey, name = ''): string =>
    `${VERSIONS[group] ?? '/api/v1'}/namespaces/${namespace}/${resource}${name === '' ? '' : `/${name}`}`;
  const stop = new AbortController();
  const followed = new Map(
    WATCHED.map((key) => [key.resource, follow(cluster, pathOf(key), stop.signal)] as const),
  );
  const objectsOf = ({ resource }: ResourceKey): ReadonlyMap<string, KubeObject> =>
    followed.get(resource)?.objects ?? new Map<string, KubeObject>();
  const send = async (resource: ResourceKey, object: KubeObject): Promise<unknown> => {
    const body = { ...object, metadata: { ...object.metadata, namespace } };
    return (await cluster.request(pathOf(resource), { method: 'POST', body })).body;
  };
  const refusalIn = (body: unknown): string =>
    readText(body, 'kind') === 'Status' ? readText(body, 'message') : '';
  const pods = (): readonly Pod[] => [...objectsOf(PODS).values()].filter(isPod);
  return {
    namespace,
    async create(resource, object) {
      const body = await send(resource, object);
      if (refusalIn(body) !== '') throw new Error(refusalIn(body));
      const told = followed.get(resource.resource)?.told;
      if (told !== undefined) await until(() => told.has(object.metadata.name ?? ''));
    },
    refusal: async (resource, object) => refusalIn(await send(resource, object)),
    async patch(resource, name, body) {
      const contentType = 'application/merge-patch+json';
      const answer = await cluster.request(pathOf(resource, name), { method: 'PATCH', contentType, body });
      return refusalIn(answer.body);
    },
    async remove(resource, name, options = {}) {
      const body = { apiVersion: 'v1', kind: 'DeleteOptions', ...options };
      await cluster.request(pathOf(resource, name), { method: 'DELETE', body });
    },
    get: (resource, name) => objectsOf(resource).get(name),
    list: (resource) => [...objectsOf(resource).values()],
    pod: (name) => pods().find((pod) => pod.metadata.name === name),
    pods,
    events: (name) =>
      [...objectsOf(EVENTS).values()]
        .filter((event) => readText(event, 'involvedObject', 'name') === name)
        .map((event) => `${readText(event, 'reason')}: ${readText(event, 'message').trim()}`),
    async log(pod, container = 'app') {
      const { body } = await cluster.request(`${pathOf(PODS, pod)}/log?container=${container}`);
      return String(body);
    },
    watch(resource, onChange) {
      const listeners = followed.get(resource.resource)?.listeners;
      listeners?.add(onChange);
      return () => listeners?.delete(onChange);
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await close();
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
    metadata: { name, labels: { app: name } },
    spec: { ...shellPodSpec(script, container), ...spec },
  };
}

export function shellPodSpec(
  script: string,
  container: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    terminationGracePeriodSeconds: 1,
    containers: [{ name: 'app', image: 'busybox:1', command: ['sh', '-c', script], ...container }],
  };
}

/** Told to stop, it stops: a container's first process ignores what it does not handle. */
export const SLEEP = 'trap "exit 0" TERM; while :; do sleep 0.1; done';

const HOST_SERVER = `exec "${process.execPath}" -e '
  require("node:http").createServer((request, response) => response.end(process.env.HOSTNAME))
    .listen(Number(process.env.PORT ?? process.argv[1]), process.env.POD_IP);
  process.on("SIGTERM", () => process.exit(0));
' "$0"`;

const IMAGE_SERVER = `mkdir -p /tmp/www; printf %s "$HOSTNAME" > /tmp/www/index.html
  trap "exit 0" TERM; httpd -f -p "$0" -h /tmp/www & wait`;

/** The command of a container that serves its pod's name over HTTP at its declared port, or else at `port`. */
export const serverCommand = (port: number): readonly string[] => [
  'sh',
  '-c',
  isForeignCluster ? IMAGE_SERVER : HOST_SERVER,
  String(port),
];

const HOST_CLIENT = `"${process.execPath}" -e '
  fetch(process.argv[1]).then((answer) => answer.text()).then((text) => console.log(text), () => process.exit(1))
'`;

/** Without wget: where busybox is linked statically, it cannot even take an address. */
const IMAGE_CLIENT = `get() {
  at=\${1#http://}; at=\${at%%/*}; host=\${at%%:*}; port=\${at#$host}; port=\${port#:}
  case $host in *[a-z]*) host=$(nslookup "$host" | sed -n 's/^Address: //p' | tail -n 1) ;; esac
  printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 5 "$host" "\${port:-80}" | sed '1,/^.\\{0,1\\}$/d' | grep .
}; get`;

/** A shell command that writes what a URL answers as one line, and fails when nothing answers. */
export const FETCH = isForeignCluster ? IMAGE_CLIENT : HOST_CLIENT;
