/** What every controller of the local cluster is given; built once by the cluster's own start. */

import type { ContainerRuntime } from './container-runtime.ts';
import type { ObjectStore } from './object-store.ts';

export interface Paths {
  readonly state: string;
  /** `<state>/logs/<pod uid>/<container>.log` */
  containerLog(podUid: string, container: string): string;
  /** A directory for one volume of a pod, e.g. an emptyDir; made on demand, gone with the pod. */
  volume(podUid: string, volume: string): string;
}

export interface Log {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

export interface ClusterContext {
  readonly store: ObjectStore;
  readonly runtime: ContainerRuntime;
  readonly paths: Paths;
  readonly log: Log;
  readonly now: () => Date;
  /** Path of a kubeconfig for processes of a namespace's service account; made on demand. */
  serviceAccountKubeconfig(namespace: string, serviceAccount: string): string;
  /** host:port of the local registry. */
  readonly registryHost: string;
}

/** A controller watches the store and acts; `start` returns at once, `stop` when its work has ended. */
export interface Controller {
  readonly name: string;
  start(): void;
  stop(): Promise<void>;
}
