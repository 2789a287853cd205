/** The kubelet of the local cluster: starts a worker per pod, ends it with the pod, removes what it leaves behind. */

import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ClusterContext, Controller } from '../../contracts/cluster-context.ts';
import { createKeyController, keyOf, splitKey, type NamespacedName } from '../control/key-controller.ts';
import type { ClusterNetwork } from '../network/cluster-network.ts';
import { isPodFinished } from '../specs/pod-state.ts';
import { isPod, PODS, type Pod } from '../specs/workload-objects.ts';
import { PodWorker } from './pod-worker.ts';

/** Time that pods get to end when the cluster is stopped. */
const SHUTDOWN_GRACE_MS = 5_000;

/** Pods of TaskRuns are left alone: the Tekton engine runs their steps. */
export function createPodController(context: ClusterContext, network: ClusterNetwork): Controller {
  return new PodController(context, network);
}

class PodController implements Controller {
  readonly name = 'pod';
  readonly #context: ClusterContext;
  readonly #network: ClusterNetwork;
  readonly #workers = new Map<NamespacedName, PodWorker>();
  readonly #endings = new Map<string, Promise<void>>();
  readonly #cleanings = new Set<Promise<void>>();
  readonly #keys: Controller;
  #unwatch: () => void = () => {};

  constructor(context: ClusterContext, network: ClusterNetwork) {
    this.#context = context;
    this.#network = network;
    this.#keys = createKeyController({
      name: this.name,
      store: context.store,
      log: context.log,
      sources: [{ resource: PODS, keysOf: (object) => [keyOf(object)] }],
      prepare: () => network.open(),
      reconcile: (key) => this.#reconcile(key),
    });
  }

  start(): void {
    this.#unwatch = this.#context.store.watch(PODS, ({ type, object }) => {
      if (type === 'DELETED') this.#clean(object.metadata.uid ?? '');
    });
    this.#keys.start();
  }

  async stop(): Promise<void> {
    await this.#keys.stop();
    await Promise.all([...this.#workers.values()].map((worker) => worker.abandon(SHUTDOWN_GRACE_MS)));
    await Promise.all(this.#endings.values());
    this.#unwatch();
    await Promise.all(this.#cleanings);
    await this.#network.close();
  }

  #reconcile(key: NamespacedName): void {
    const pod = this.#find(key);
    const worker = this.#workers.get(key);
    if (worker !== undefined && worker.uid !== pod?.metadata.uid) {
      // The pod is gone, or another one has its name; that one begins when the old processes have ended.
      this.#end(key, worker, 0, () => this.#reconcile(key));
      return;
    }
    if (pod?.metadata.deletionTimestamp !== undefined) this.#terminate(key, pod);
    else if (pod !== undefined && worker === undefined && shouldRun(pod)) this.#begin(key, pod);
  }

  #find(key: NamespacedName): Pod | undefined {
    const object = this.#context.store.get({ ...PODS, ...splitKey(key) });
    return object !== undefined && isPod(object) ? object : undefined;
  }

  #begin(key: NamespacedName, pod: Pod): void {
    const worker = new PodWorker({ context: this.#context, network: this.#network, pod });
    this.#workers.set(key, worker);
    worker.start();
  }

  #terminate(key: NamespacedName, pod: Pod): void {
    const worker = this.#workers.get(key);
    if (worker === undefined || isPodFinished(pod)) {
      if (!this.#endings.has(pod.metadata.uid ?? '')) this.#remove(pod);
      return;
    }
    const { deletionGracePeriodSeconds } = pod.metadata;
    const seconds = deletionGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30;
    this.#end(key, worker, seconds * 1000, () => this.#remove(pod));
  }

  /** Ends the worker in the background, once. */
  #end(key: NamespacedName, worker: PodWorker, graceMs: number, then: () => void = () => {}): void {
    if (this.#endings.has(worker.uid)) return;
    const ending = worker.terminate(graceMs).then(() => {
      if (this.#workers.get(key) === worker) this.#workers.delete(key);
      this.#endings.delete(worker.uid);
      this.#network.releasePod(worker.uid);
      then();
    });
    this.#endings.set(worker.uid, ending);
  }

  #remove({ metadata }: Pod): void {
    const { namespace = '', name = '', uid } = metadata;
    const precondition = uid === undefined ? {} : { uid };
    this.#context.store.delete({ ...PODS, namespace, name }, { ...precondition, gracePeriodSeconds: 0 });
  }

  /** Volumes and logs go with the pod, when its processes no longer use them. */
  #clean(podUid: string): void {
    if (podUid === '') return;
    const { paths } = this.#context;
    const directories = [paths.volume(podUid, 'any'), paths.containerLog(podUid, 'any')].map((path) =>
      dirname(path),
    );
    const cleaning = (this.#endings.get(podUid) ?? Promise.resolve())
      .then(() =>
        Promise.all(directories.map((directory) => rm(directory, { recursive: true, force: true }))),
      )
      .then(() => {})
      .catch((error: unknown) =>
        this.#context.log.warn({ podUid, error: String(error) }, 'files of a pod were left'),
      )
      .finally(() => this.#cleanings.delete(cleaning));
    this.#cleanings.add(cleaning);
  }
}

function shouldRun(pod: Pod): boolean {
  const ofTaskRun = pod.metadata.ownerReferences?.some((owner) => owner.kind === 'TaskRun') ?? false;
  return !ofTaskRun && !isPodFinished(pod);
}
