/** Starts the whole local cluster in this process: store, registry, runtime, API, workloads, Tekton. */

import { accessSync, constants, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { baseKinds } from './api/base-kinds.ts';
import { startApi } from './api/start-api.ts';
import { onPort, onState } from './cluster-start-error.ts';
import type { ClusterContext, Controller, Log, Paths } from './contracts/cluster-context.ts';
import type { ContainerRuntime } from './contracts/container-runtime.ts';
import type { ClusterObjectStore } from './objects/cluster-object-store.ts';
import { onFreePort } from './on-free-port.ts';
import { createObjectStore } from './objects/create-object-store.ts';
import { startRegistry } from './registry/start-registry.ts';
import { createContainerRuntime } from './runtime/container-runtime.ts';
import { toolSettings } from './runtime/tool-settings.ts';
import { readRememberedPorts, rememberPorts } from './remembered-ports.ts';
import { statePaths } from './state-paths.ts';
import { tektonResources } from './tekton/resources.ts';
import { createTektonController } from './tekton/tekton-controller.ts';
import { createWorkloadControllers } from './workloads/workload-controllers.ts';
import { workloadResources } from './workloads/resources.ts';

export interface LocalClusterOptions {
  /** Made when missing; one cluster at a time. */
  readonly stateDir: string;
  /** Port of the API on 127.0.0.1; 0 picks a free one, the same after a restart. */
  readonly port: number;
  /** Port of the registry on 127.0.0.1; 0 picks a free one, the same after a restart. */
  readonly registryPort: number;
  /** How to run this program, absolute paths first; images of tekton-dag run it. */
  readonly selfCommand: readonly string[];
  readonly log: Log;
  /** Where the programs of containers are found; by default the PATH of this process. */
  readonly hostPath?: string;
  /** Host paths that sandboxed containers see besides the system, e.g. where local Git repositories lie. */
  readonly visiblePaths?: readonly string[];
}

export interface LocalCluster {
  readonly kubeconfigPath: string;
  readonly apiUrl: string;
  /** host:port, the first part of image names. */
  readonly registryHost: string;
  /** Ends every process that it started, then the servers. */
  close(): Promise<void>;
}

const openStore = (stateDir: string, log: Log): ClusterObjectStore => {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  accessSync(stateDir, constants.W_OK);
  return createObjectStore({
    file: join(stateDir, 'cluster.sqlite'),
    resources: [...baseKinds, ...workloadResources, ...tektonResources],
    onListenerFault: (fault) =>
      log.error(
        { fault: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault) },
        'a controller failed',
      ),
  });
};

const openRuntime = (options: LocalClusterOptions, paths: Paths, registryHost: string): ContainerRuntime =>
  createContainerRuntime({
    paths,
    registryHost,
    selfCommand: options.selfCommand,
    hostPath: options.hostPath ?? process.env['PATH'] ?? '',
    toolSettings: toolSettings(process.env),
    compileCache: process.env['NODE_COMPILE_CACHE'] ?? join(paths.state, 'compile-cache'),
    log: options.log,
    ...(options.visiblePaths === undefined ? {} : { visiblePaths: options.visiblePaths }),
  });

const startAll = (controllers: readonly Controller[]): (() => Promise<void>) => {
  for (const controller of controllers) controller.start();
  return async () => {
    await Promise.all(controllers.map((controller) => controller.stop()));
  };
};

const portOf = (url: string): number => Number(new URL(url).port);

/** A free port is chosen once for a state directory; from then on it keeps it. */
const choosePorts = (options: LocalClusterOptions, stateDir: string) => {
  const before = readRememberedPorts(stateDir);
  const choose = (wanted: number, last = 0): number => (wanted === 0 ? last : wanted);
  return {
    port: choose(options.port, before?.api),
    registryPort: choose(options.registryPort, before?.registry),
  };
};

const listen = <T>(port: number, what: string, start: (port: number) => Promise<T>): Promise<T> =>
  port === 0 ? onFreePort(start) : onPort(port, what, () => start(port));

/** Resolves when the API listens. Throws ClusterStartError when a port is taken or the state directory unusable. */
export const startLocalCluster = async (options: LocalClusterOptions): Promise<LocalCluster> => {
  const { log } = options;
  const stateDir = resolve(options.stateDir);
  const { port, registryPort } = choosePorts(options, stateDir);
  const now = (): Date => new Date();
  const paths = statePaths(stateDir);
  await using started = new AsyncDisposableStack();
  const store = started.adopt(
    onState(stateDir, () => openStore(stateDir, log)),
    (open) => open.close(),
  );
  const registryDirectory = join(stateDir, 'registry');
  const registry = started.adopt(
    await listen(registryPort, 'registry', (free) =>
      startRegistry({ directory: registryDirectory, port: free }),
    ),
    (running) => running.close(),
  );
  const api = started.adopt(
    await listen(port, 'API', (free) => startApi({ stateDir, store, paths, port: free, log, now })),
    (running) => running.close(),
  );
  const runtime = started.adopt(openRuntime(options, paths, registry.host), (running) => running.close());
  await runtime.recover();
  const context: ClusterContext = {
    store,
    runtime,
    paths,
    log,
    now,
    serviceAccountKubeconfig: (namespace, name) => api.serviceAccountKubeconfig(namespace, name),
    registryHost: registry.host,
  };
  rememberPorts(stateDir, { api: portOf(api.url), registry: portOf(`http://${registry.host}`) });
  started.defer(startAll([...createWorkloadControllers(context), createTektonController(context)]));
  const running = started.move();
  return {
    kubeconfigPath: api.kubeconfigPath,
    apiUrl: api.url,
    registryHost: registry.host,
    close: () => running.disposeAsync(),
  };
};
