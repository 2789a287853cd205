/**
 * A namespace in which tests run Tekton objects. Tests see only what any client of a cluster sees: objects by kind and
 * name, their status, and logs; so the same tests can be pointed at another cluster.
 */

import { mkdtempSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ClusterContext, Controller } from '../../src/contracts/cluster-context.ts';
import type { KubeObject, ResourceKey } from '../../src/contracts/kube-object.ts';
import type { ResourceDefinition } from '../../src/contracts/resource-definition.ts';
import { createObjectStore } from '../../src/objects/create-object-store.ts';
import { createContainerRuntime } from '../../src/runtime/container-runtime.ts';
import { tektonResources } from '../../src/tekton/resources.ts';
import { createTektonController, type TektonOptions } from '../../src/tekton/tekton-controller.ts';

const coreResources: ResourceDefinition[] = [
  ['pods', 'Pod'],
  ['configmaps', 'ConfigMap'],
  ['secrets', 'Secret'],
  ['serviceaccounts', 'ServiceAccount'],
  ['persistentvolumeclaims', 'PersistentVolumeClaim'],
].map(([resource = '', kind = '']) => ({
  group: '',
  version: 'v1',
  resource,
  kind,
  singular: kind.toLowerCase(),
  namespaced: true,
  ...(resource === 'pods' && { subresources: ['status', 'log'] as const }),
}));

const NAMESPACE = 'test';

interface Status {
  readonly conditions?: readonly { readonly type: string; status: string; reason: string; message: string }[];
  readonly [field: string]: unknown;
}

/** An object as a test reads it: any field, without casts. */
export interface Seen {
  readonly metadata: KubeObject['metadata'];
  readonly spec: Record<string, unknown>;
  readonly status: Status;
}

export interface TektonRig extends AsyncDisposable {
  readonly namespace: string;
  readonly stateDirectory: string;
  readonly context: ClusterContext;
  /** Creates every document of a YAML text; throws the refusal's message. */
  apply(yaml: string): KubeObject[];
  /** The message of the refusal of a YAML document; '' when it was accepted. */
  refusal(yaml: string): string;
  get(kind: Kind, name: string): Seen | undefined;
  list(kind: Kind, labels?: Readonly<Record<string, string>>): Seen[];
  /** Replaces fields of spec. */
  patchSpec(kind: Kind, name: string, spec: Readonly<Record<string, unknown>>): void;
  remove(kind: Kind, name: string): void;
  /** Waits until the object is as told. */
  until(kind: Kind, name: string, isAsTold: (object: Seen) => boolean): Promise<Seen>;
  /** Waits for the end of a run; returns it with its Succeeded condition. */
  finished(kind: 'PipelineRun' | 'TaskRun', name: string): Promise<Seen>;
  /** Output lines of a container of a TaskRun's pod. */
  logs(taskRun: string, container: string): string[];
  /** Ends the engine as kill -9 would leave the store, and starts a new one on the same state. */
  crash(): Promise<void>;
}

const RESOURCES = {
  PipelineRun: { group: 'tekton.dev', resource: 'pipelineruns' },
  TaskRun: { group: 'tekton.dev', resource: 'taskruns' },
  Pipeline: { group: 'tekton.dev', resource: 'pipelines' },
  Task: { group: 'tekton.dev', resource: 'tasks' },
  StepAction: { group: 'tekton.dev', resource: 'stepactions' },
  Pod: { group: '', resource: 'pods' },
  ConfigMap: { group: '', resource: 'configmaps' },
  Secret: { group: '', resource: 'secrets' },
  ServiceAccount: { group: '', resource: 'serviceaccounts' },
  PersistentVolumeClaim: { group: '', resource: 'persistentvolumeclaims' },
} as const satisfies Record<string, ResourceKey>;
export type Kind = keyof typeof RESOURCES;

const isKind = (kind: string): kind is Kind => kind in RESOURCES;

/** The Succeeded condition of a run. */
export function condition(run: Seen) {
  return run.status.conditions?.find((one) => one.type === 'Succeeded');
}

/** Results of a run by name. */
export function resultsOf(run: Seen): Record<string, unknown> {
  const results = run.status['results'];
  const list: readonly unknown[] = Array.isArray(results) ? results : [];
  return Object.fromEntries(list.map((one) => [String(Object(one).name), Object(one).value]));
}

/** Reasons of skipped tasks by name. */
export function skippedTasksOf(run: Seen): Record<string, unknown> {
  const skipped = run.status['skippedTasks'];
  const list: readonly unknown[] = Array.isArray(skipped) ? skipped : [];
  return Object.fromEntries(list.map((one) => [String(Object(one).name), Object(one).reason]));
}

export async function startTekton(options: TektonOptions = {}): Promise<TektonRig> {
  const state = mkdtempSync(join(tmpdir(), 'tekton-rig-'));
  const kubeconfig = join(state, 'kubeconfig');
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const paths = {
    state,
    containerLog: (podUid: string, container: string) => join(state, 'logs', podUid, `${container}.log`),
    volume: (podUid: string, volume: string) => join(state, 'volumes', podUid, volume),
  };
  mkdirSync(join(state, 'logs'));
  const store = createObjectStore({
    file: join(state, 'cluster.sqlite'),
    resources: [...coreResources, ...tektonResources],
  });
  const newContext = (): ClusterContext => ({
    store,
    runtime: createContainerRuntime({
      paths,
      selfCommand: [process.execPath],
      registryHost: '127.0.0.1:1',
      hostPath: process.env['PATH'] ?? '/usr/bin:/bin',
      log,
    }),
    paths,
    log,
    now: () => new Date(),
    serviceAccountKubeconfig: (namespace, account) => `${kubeconfig}-${namespace}-${account}`,
    registryHost: '127.0.0.1:1',
  });
  let context = newContext();
  let controller: Controller = createTektonController(context, { stopGraceMs: 500, ...options });
  controller.start();

  const keyOf = (kind: Kind, name: string) => ({ ...RESOURCES[kind], namespace: NAMESPACE, name });
  const seen = (object: KubeObject): Seen => ({
    metadata: object.metadata,
    spec: Object(object['spec'] ?? {}),
    status: Object(object['status'] ?? {}),
  });
  const create = (document: KubeObject) => {
    if (!isKind(document.kind)) throw new Error(`unknown kind ${document.kind}`);
    return store.create(RESOURCES[document.kind], {
      ...document,
      metadata: { ...document.metadata, namespace: NAMESPACE },
    });
  };
  const documents = (yaml: string): KubeObject[] =>
    yaml
      .split(/^---$/m)
      .filter((text) => text.trim() !== '')
      .map((text) => parse(text));

  const rig: TektonRig = {
    namespace: NAMESPACE,
    stateDirectory: state,
    get context() {
      return context;
    },
    apply: (yaml) =>
      documents(yaml).map((document) => {
        const created = create(document);
        if (!created.ok) throw new Error(created.error.message);
        return created.value;
      }),
    refusal: (yaml) =>
      documents(yaml)
        .map((document) => create(document))
        .map((created) => (created.ok ? '' : created.error.message))
        .join('\n'),
    get: (kind, name) => {
      const object = store.get(keyOf(kind, name));
      return object === undefined ? undefined : seen(object);
    },
    list: (kind, labels) =>
      store.list(RESOURCES[kind], { namespace: NAMESPACE, ...(labels && { labels }) }).items.map(seen),
    patchSpec: (kind, name, spec) => {
      const object = store.get(keyOf(kind, name));
      if (object === undefined) throw new Error(`${kind} ${name} not found`);
      const updated = store.update(RESOURCES[kind], {
        ...object,
        spec: { ...Object(object['spec']), ...spec },
      });
      if (!updated.ok) throw new Error(updated.error.message);
    },
    remove: (kind, name) => {
      store.delete(keyOf(kind, name));
    },
    until: (kind, name, isAsTold) =>
      new Promise((resolve) => {
        const now = store.get(keyOf(kind, name));
        if (now !== undefined && isAsTold(seen(now))) return resolve(seen(now));
        const unsubscribe = store.watch(RESOURCES[kind], ({ object }) => {
          if (object.metadata.name !== name || !isAsTold(seen(object))) return;
          unsubscribe();
          resolve(seen(object));
        });
        return undefined;
      }),
    finished: (kind, name) =>
      rig.until(kind, name, (run) => ['True', 'False'].includes(condition(run)?.status ?? '')),
    logs: (taskRun, container) => {
      const [pod] = rig.list('Pod', { 'tekton.dev/taskRun': taskRun }).slice(-1);
      const text = readFileSync(paths.containerLog(pod?.metadata.uid ?? '', container), 'utf8');
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.replace(/^\S+ (stdout|stderr) [FP] /, ''));
    },
    crash: async () => {
      const executing = controller;
      const leftover = context;
      // Nothing of the dying engine may reach the store any more: what it would still write is refused.
      await executing.stop();
      await leftover.runtime.close();
      context = newContext();
      await context.runtime.recover();
      controller = createTektonController(context, { stopGraceMs: 500, ...options });
      controller.start();
    },
    [Symbol.asyncDispose]: async () => {
      await controller.stop();
      await context.runtime.close();
      store.close();
      rmSync(state, { recursive: true, force: true });
    },
  };
  return rig;
}
