/** Brings one pod to life and keeps its status: init containers, containers, end. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Result } from '@tekton-dag/model';
import type { ClusterContext } from '../../contracts/cluster-context.ts';
import type { ContainerSpec } from '../../contracts/container-runtime.ts';
import { recordEvent, type EventNote } from '../control/record-event.ts';
import { kubeTime } from '../control/set-condition.ts';
import type { ClusterNetwork } from '../network/cluster-network.ts';
import type { Container } from '../specs/pod-schema.ts';
import { isPod, PODS, type ContainerStatus, type Pod } from '../specs/workload-objects.ts';
import { ContainerWorker, notStarted } from './container-worker.ts';
import { followReferences } from './follow-references.ts';
import { planContainer } from './plan-container.ts';
import { podStatus, type PodFacts } from './pod-status.ts';
import { createVolumeMounter, type VolumeMounter } from './volume-mounter.ts';
import { waitForAddresses } from './wait-for-addresses.ts';

export interface PodWorkerOptions {
  readonly context: ClusterContext;
  readonly network: ClusterNetwork;
  readonly pod: Pod;
}

/** `run` ends with the pod; `terminate` ends the pod, `abandon` ends its processes and says nothing of it. */
export class PodWorker {
  readonly #context: ClusterContext;
  readonly #network: ClusterNetwork;
  readonly #pod: Pod;
  readonly #abort = new AbortController();
  readonly #init = new Map<string, ContainerWorker>();
  readonly #main = new Map<string, ContainerWorker>();
  readonly #podIp: string;
  readonly #startTime: string;
  #volumes: ReadonlyMap<string, string> = new Map();
  #initialized: boolean;
  #silent = false;
  #end: PodFacts['end'];
  #notice: string | undefined;
  #done: Promise<void> = Promise.resolve();

  constructor({ context, network, pod }: PodWorkerOptions) {
    this.#context = context;
    this.#network = network;
    this.#pod = pod;
    this.#podIp = network.podAddress(pod.metadata.uid ?? '');
    this.#startTime = pod.status?.startTime ?? kubeTime(context.now());
    this.#initialized = (pod.spec.initContainers ?? []).length === 0;
  }

  get uid(): string {
    return this.#pod.metadata.uid ?? '';
  }

  start(): void {
    this.#done = this.#run().catch((error: unknown) => {
      this.#context.log.error({ pod: this.#pod.metadata.name, error: String(error) }, 'a pod failed');
      this.#finish({ phase: 'Failed', reason: 'InternalError', message: String(error) });
    });
  }

  /** Ends every container, the last started first told; resolves when all are gone. */
  async terminate(graceMs: number): Promise<void> {
    this.#abort.abort();
    await this.#stopAll([...this.#main.values()], graceMs);
    await this.#stopAll([...this.#init.values()], graceMs);
    await this.#done;
  }

  async abandon(graceMs: number): Promise<void> {
    this.#silent = true;
    await this.terminate(graceMs);
  }

  async #run(): Promise<void> {
    const { spec } = this.#pod;
    const containers = [...(spec.initContainers ?? []), ...spec.containers];
    const ports = containers.flatMap((container) => container.ports ?? []).map((port) => port.containerPort);
    const { namespace, name } = this.#key();
    await this.#network.allotPorts(this.uid, spec.hostNetwork === true ? [] : ports);
    this.#report(
      { type: 'Normal', reason: 'Scheduled', message: `Successfully assigned ${namespace}/${name} to local` },
      'default-scheduler',
    );
    this.#publish();
    const mounter = this.#createMounter();
    // From the beginning: what changes while the pod is prepared counts too.
    const unfollow = followReferences(this.#context.store, this.#pod, () => mounter.refresh());
    try {
      const { signal } = this.#abort;
      const volumes = await mounter.mount(signal);
      if (volumes === undefined || !(await waitForAddresses(this.#context.store, signal))) return;
      this.#volumes = volumes;
      await this.#runContainers();
    } finally {
      unfollow();
    }
  }

  async #runContainers(): Promise<void> {
    const deadline = this.#watchDeadline();
    try {
      if (await this.#runInitContainers()) await this.#runMainContainers();
    } finally {
      deadline.abort();
    }
  }

  #createMounter(): VolumeMounter {
    return createVolumeMounter({
      context: this.#context,
      pod: this.#pod,
      podIp: this.#podIp,
      onFailure: (message) => this.#report({ type: 'Warning', reason: 'FailedMount', message }),
    });
  }

  async #runInitContainers(): Promise<boolean> {
    for (const container of this.#pod.spec.initContainers ?? []) {
      const passed =
        container.restartPolicy === 'Always'
          ? await this.#runSidecar(container)
          : await this.#runInit(container);
      if (!passed) return false;
    }
    this.#initialized = true;
    this.#publish();
    return true;
  }

  /** A sidecar goes on running beside the containers. */
  async #runSidecar(container: Container): Promise<boolean> {
    const worker = this.#createWorker(container, 'Always', 'PodInitializing');
    this.#init.set(container.name, worker);
    void worker.run();
    await worker.started;
    return !this.#abort.signal.aborted;
  }

  async #runInit(container: Container): Promise<boolean> {
    if (this.#wasInitialized()) return true;
    const worker = this.#createWorker(container, this.#initRestartPolicy(), 'PodInitializing');
    this.#init.set(container.name, worker);
    await worker.run();
    if (this.#abort.signal.aborted) return false;
    const passed = worker.status.state.terminated?.exitCode === 0;
    if (!passed) this.#finish({ phase: 'Failed' });
    return passed;
  }

  /** True when the init containers had done their part before the cluster was restarted. */
  #wasInitialized(): boolean {
    const conditions = this.#pod.status?.conditions ?? [];
    return conditions.some((each) => each.type === 'Initialized' && each.status === 'True');
  }

  /** An init container of a pod that always restarts is itself repeated only until it succeeds. */
  #initRestartPolicy(): 'OnFailure' | 'Never' {
    return this.#pod.spec.restartPolicy === 'Never' ? 'Never' : 'OnFailure';
  }

  async #runMainContainers(): Promise<void> {
    const { containers, restartPolicy = 'Always' } = this.#pod.spec;
    for (const container of containers) {
      this.#main.set(container.name, this.#createWorker(container, restartPolicy, 'ContainerCreating'));
    }
    const workers = [...this.#main.values()];
    await Promise.all(workers.map((worker) => worker.run()));
    if (this.#silent || this.#end !== undefined) return;
    await this.#stopAll([...this.#init.values()], this.#graceMs());
    const succeeded = workers.every((worker) => worker.status.state.terminated?.exitCode === 0);
    this.#finish({ phase: succeeded ? 'Succeeded' : 'Failed' });
  }

  #createWorker(
    container: Container,
    restartPolicy: 'Always' | 'OnFailure' | 'Never',
    waitingReason: 'ContainerCreating' | 'PodInitializing',
  ): ContainerWorker {
    const previous = this.#previousStatus(container.name);
    const ports = this.#network.portsOf(this.uid);
    return new ContainerWorker({
      runtime: this.#context.runtime,
      container,
      podLabel: `${this.#key().name}_${this.#key().namespace}(${this.uid})`,
      restartPolicy,
      graceMs: this.#graceMs(),
      prepare: () => Promise.resolve(this.#plan(container)),
      target: { address: this.#podIp, hostPort: (port) => ports?.get(port) ?? port },
      ...(previous === undefined ? {} : { previous }),
      waitingReason,
      onChange: () => this.#publish(),
      report: (note) => this.#report({ ...note, fieldPath: `spec.containers{${container.name}}` }),
      onNotice: (message) => {
        const changed = message !== this.#notice;
        this.#notice = message;
        if (changed) this.#publish();
      },
    });
  }

  #plan(container: Container): Result<ContainerSpec, string> {
    const fresh = this.#context.store.get({ ...PODS, ...this.#key() });
    return planContainer({
      context: this.#context,
      network: this.#network,
      pod: fresh !== undefined && isPod(fresh) ? fresh : this.#pod,
      podIp: this.#podIp,
      container,
      volumes: this.#volumes,
    });
  }

  #previousStatus(name: string): ContainerStatus | undefined {
    const { containerStatuses = [], initContainerStatuses = [] } = this.#pod.status ?? {};
    return [...containerStatuses, ...initContainerStatuses].find((each) => each.name === name);
  }

  #watchDeadline(): AbortController {
    const controller = new AbortController();
    const { activeDeadlineSeconds } = this.#pod.spec;
    if (activeDeadlineSeconds === undefined) return controller;
    const elapsedMs = this.#context.now().getTime() - Date.parse(this.#startTime);
    void sleep(Math.max(0, activeDeadlineSeconds * 1000 - elapsedMs), undefined, {
      signal: controller.signal,
    }).then(
      async () => {
        const message = 'Pod was active on the node longer than the specified deadline';
        this.#end = { phase: 'Failed', reason: 'DeadlineExceeded', message };
        await this.terminate(this.#graceMs());
        this.#publish();
      },
      () => {},
    );
    return controller;
  }

  #finish(end: PodFacts['end']): void {
    this.#end ??= end;
    this.#publish();
  }

  #publish(): void {
    if (this.#silent) return;
    const now = this.#context.now();
    this.#context.store.mutateStatus({ ...PODS, ...this.#key() }, (fresh) => {
      if (!isPod(fresh) || fresh.metadata.uid !== this.uid) return undefined;
      return { ...fresh, status: podStatus(fresh, this.#facts(), now) };
    });
  }

  #facts(): PodFacts {
    const { initContainers = [], containers } = this.#pod.spec;
    const waiting = this.#initialized ? 'ContainerCreating' : 'PodInitializing';
    const statusOf = (
      workers: ReadonlyMap<string, ContainerWorker>,
      { name, image = '' }: Container,
    ): ContainerStatus =>
      workers.get(name)?.status ?? asleep(this.#previousStatus(name)) ?? notStarted(name, image, waiting);
    return {
      podIp: this.#podIp,
      startTime: this.#startTime,
      initContainers: initContainers.map((container) => statusOf(this.#init, container)),
      containers: containers.map((container) => statusOf(this.#main, container)),
      initialized: this.#initialized,
      ...(this.#end === undefined ? {} : { end: this.#end }),
      ...(this.#notice === undefined ? {} : { notice: this.#notice }),
    };
  }

  #report(note: Omit<EventNote, 'component'>, component = 'kubelet'): void {
    if (!this.#silent) recordEvent(this.#context, this.#pod, { ...note, component });
  }

  #key(): { readonly namespace: string; readonly name: string } {
    return { namespace: this.#pod.metadata.namespace ?? '', name: this.#pod.metadata.name ?? '' };
  }

  #graceMs(): number {
    return (this.#pod.spec.terminationGracePeriodSeconds ?? 30) * 1000;
  }

  async #stopAll(workers: readonly ContainerWorker[], graceMs: number): Promise<void> {
    await Promise.all(workers.map((worker) => worker.stop(graceMs)));
  }
}

/** The status from before a restart of the cluster: whatever ran does not run now. */
function asleep(status: ContainerStatus | undefined): ContainerStatus | undefined {
  return status === undefined ? undefined : { ...status, ready: false, started: false };
}
