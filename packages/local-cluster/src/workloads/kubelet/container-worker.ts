/** Keeps one container of a pod running as its restart policy says, watches its health and knows its status. */

import { existsSync, renameSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Result } from '@tekton-dag/model';
import type {
  ContainerExit,
  ContainerRuntime,
  ContainerSpec,
  RunningContainer,
} from '../../contracts/container-runtime.ts';
import type { EventNote } from '../control/record-event.ts';
import type { Container } from '../specs/pod-schema.ts';
import type { ContainerState, ContainerStatus, TerminatedState } from '../specs/workload-objects.ts';
import { watchContainerHealth } from './container-health.ts';
import { createRestartBackoff } from './restart-backoff.ts';
import type { ProbeTarget } from './run-probe.ts';

export interface ContainerWorkerOptions {
  readonly runtime: ContainerRuntime;
  readonly container: Container;
  /** The pod as kubelet's messages name it: `<name>_<namespace>(<uid>)`. */
  readonly podLabel: string;
  readonly restartPolicy: 'Always' | 'OnFailure' | 'Never';
  /** Milliseconds between SIGTERM and SIGKILL when a probe ends the container. */
  readonly graceMs: number;
  /** What to run, anew for every start; the error says what is missing. */
  readonly prepare: () => Promise<Result<ContainerSpec, string>>;
  /** Where probes find the container, without the part that runs commands. */
  readonly target: Pick<ProbeTarget, 'address' | 'hostPort'>;
  /** The status from before the cluster was restarted. */
  readonly previous?: ContainerStatus;
  /** Why the container waits before its first start. */
  readonly waitingReason: 'ContainerCreating' | 'PodInitializing';
  readonly onChange: () => void;
  readonly report: (note: Omit<EventNote, 'component'>) => void;
  /** Something the user should know; undefined when the container starts anew and nothing is known yet. */
  readonly onNotice: (message: string | undefined) => void;
}

const CONFIG_RETRY_MS = 1_000;
const FIRST_PULL_RETRY_MS = 2_000;
const MAX_PULL_RETRY_MS = 60_000;

/** `run` ends when the container will not run again; `stop` makes that happen. */
export class ContainerWorker {
  readonly #options: ContainerWorkerOptions;
  readonly #abort = new AbortController();
  readonly #backoff = createRestartBackoff();
  readonly #started = Promise.withResolvers<void>();
  #running: RunningContainer | undefined;
  #stopGraceMs = 0;
  #pullRetryMs = FIRST_PULL_RETRY_MS;
  #status: ContainerStatus;

  constructor(options: ContainerWorkerOptions) {
    this.#options = options;
    this.#status = {
      name: options.container.name,
      image: options.container.image ?? '',
      imageID: '',
      ready: false,
      started: false,
      restartCount: 0,
      state: { waiting: { reason: options.waitingReason } },
      lastState: {},
    };
  }

  get status(): ContainerStatus {
    return this.#status;
  }

  /** Resolves when the container has started (its startup probe, if any, has succeeded) or has ended for good. */
  get started(): Promise<void> {
    return this.#started.promise;
  }

  async run(): Promise<void> {
    if (this.#resume()) await this.#runUntilDone();
    this.#started.resolve();
  }

  async #runUntilDone(): Promise<void> {
    while (!this.#abort.signal.aborted) {
      const exit = await this.#runOnce();
      if (exit === undefined) continue;
      if (!this.#restartsAfter(exit.exitCode)) return;
      await this.#waitForRestart(exit);
    }
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopGraceMs = graceMs;
    this.#abort.abort();
    if (this.#running === undefined) return;
    const { name } = this.#options.container;
    this.#options.report({ type: 'Normal', reason: 'Killing', message: `Stopping container ${name}` });
    const sleptMs = await this.#sleepBeforeStop(this.#running, graceMs);
    await this.#running?.stop(graceMs - sleptMs);
  }

  /** lifecycle.preStop.sleep: goes on until then, as long as there is time. Gives the milliseconds that it took of it. */
  async #sleepBeforeStop(running: RunningContainer, graceMs: number): Promise<number> {
    const seconds = this.#options.container.lifecycle?.preStop?.sleep?.seconds ?? 0;
    const sleepMs = Math.min(seconds * 1_000, graceMs);
    if (sleepMs === 0) return 0;
    const over = new AbortController();
    await Promise.race([
      running.exited,
      sleep(sleepMs, undefined, { signal: over.signal }).catch(() => undefined),
    ]);
    over.abort();
    return sleepMs;
  }

  /** Takes up the status from before a restart of the cluster; false when the container had ended for good. */
  #resume(): boolean {
    const { previous } = this.#options;
    if (previous === undefined) return true;
    const { running, terminated } = previous.state;
    const end = terminated ?? (running === undefined ? undefined : lostState(running.startedAt));
    this.#status = { ...previous, ready: false, started: false };
    if (end === undefined) return true;
    this.#set({ state: { terminated: end } });
    if (!this.#restartsAfter(end.exitCode)) return false;
    this.#set({ lastState: { terminated: end }, restartCount: previous.restartCount + 1 });
    return true;
  }

  /** One life of the container; undefined when it did not come to life and is to be tried again. */
  async #runOnce(): Promise<ContainerExit | undefined> {
    const spec = await this.#options.prepare();
    if (!spec.ok) return await this.#waitForConfiguration(spec.error);
    keepPreviousLog(spec.value.logPath, this.#status.restartCount > 0);
    const running = await this.#options.runtime.start(spec.value);
    if (!running.ok) {
      const { reason, message } = running.error;
      if (reason === 'ErrImagePull' || reason === 'ImagePullBackOff')
        return await this.#waitForImage(message);
      return this.#noteStartFailure(reason, message);
    }
    return await this.#supervise(running.value, spec.value);
  }

  async #supervise(running: RunningContainer, spec: ContainerSpec): Promise<ContainerExit> {
    const { container } = this.#options;
    this.#running = running;
    if (this.#abort.signal.aborted) void running.stop(this.#stopGraceMs);
    this.#pullRetryMs = FIRST_PULL_RETRY_MS;
    this.#options.onNotice(undefined);
    this.#set({
      state: { running: { startedAt: wholeSeconds(running.startedAt) } },
      imageID: running.imageId ?? '',
      containerID: `process://${running.pid}`,
      started: container.startupProbe === undefined,
      ready: container.startupProbe === undefined && container.readinessProbe === undefined,
    });
    this.#report('Normal', 'Started', `Started container ${container.name}`);
    if (this.#status.started) this.#started.resolve();
    const watching = new AbortController();
    this.#watchHealth(running, spec, watching.signal);
    const exit = await running.exited;
    watching.abort();
    this.#running = undefined;
    this.#set({ state: { terminated: terminatedState(exit) }, ready: false, started: false });
    return exit;
  }

  #watchHealth(running: RunningContainer, spec: ContainerSpec, signal: AbortSignal): void {
    const { runtime, container, target, graceMs, report, onNotice } = this.#options;
    watchContainerHealth({
      runtime,
      container,
      running,
      spec,
      target,
      signal,
      report,
      onNotice,
      onStarted: () => {
        this.#set({ started: true, ready: container.readinessProbe === undefined });
        this.#started.resolve();
      },
      onReady: (ready) => this.#set({ ready }),
      onUnhealthy: (probe) => {
        this.#report(
          'Normal',
          'Killing',
          `Container ${container.name} failed ${probe} probe, will be restarted`,
        );
        void running.stop(graceMs);
      },
    });
  }

  #restartsAfter(exitCode: number): boolean {
    const { restartPolicy } = this.#options;
    return restartPolicy === 'Always' || (restartPolicy === 'OnFailure' && exitCode !== 0);
  }

  async #waitForRestart(exit: ContainerExit): Promise<void> {
    const { podLabel, container } = this.#options;
    const delayMs = this.#backoff.next(Date.parse(exit.finishedAt) - Date.parse(exit.startedAt));
    const lastState = this.#status.state;
    if (delayMs > 0) {
      const message = `back-off ${delayMs / 1000}s restarting failed container=${container.name} pod=${podLabel}`;
      this.#set({ state: { waiting: { reason: 'CrashLoopBackOff', message } }, lastState });
      const note = `Back-off restarting failed container ${container.name} in pod ${podLabel}`;
      this.#report('Warning', 'BackOff', note);
      await this.#pause(delayMs);
    }
    if (this.#abort.signal.aborted) return;
    this.#set({ lastState, restartCount: this.#status.restartCount + 1 });
  }

  async #waitForConfiguration(message: string): Promise<undefined> {
    this.#set({ state: { waiting: { reason: 'CreateContainerConfigError', message } } });
    this.#report('Warning', 'Failed', `Error: ${message}`);
    await this.#pause(CONFIG_RETRY_MS);
  }

  async #waitForImage(message: string): Promise<undefined> {
    this.#report('Warning', 'Failed', message);
    const first = this.#pullRetryMs === FIRST_PULL_RETRY_MS;
    this.#set({ state: { waiting: { reason: first ? 'ErrImagePull' : 'ImagePullBackOff', message } } });
    await this.#pause(this.#pullRetryMs);
    this.#pullRetryMs = Math.min(this.#pullRetryMs * 2, MAX_PULL_RETRY_MS);
  }

  #noteStartFailure(reason: string, message: string): ContainerExit {
    const time = new Date().toISOString();
    const exit = { exitCode: 128, startedAt: time, finishedAt: time };
    this.#report('Warning', 'Failed', `Error: ${message}`);
    this.#set({ state: { terminated: { ...terminatedState(exit), reason, message } }, ready: false });
    return exit;
  }

  async #pause(delayMs: number): Promise<void> {
    await sleep(delayMs, undefined, { signal: this.#abort.signal }).catch(() => {});
  }

  #report(type: EventNote['type'], reason: string, message: string): void {
    this.#options.report({ type, reason, message });
  }

  #set(change: Partial<ContainerStatus>): void {
    this.#status = { ...this.#status, ...change };
    this.#options.onChange();
  }
}

/** The log of the life before, for `kubectl logs --previous`. */
function keepPreviousLog(logPath: string, restarted: boolean): void {
  if (restarted && existsSync(logPath)) renameSync(logPath, logPath.replace(/\.log$/, '.previous.log'));
}

function terminatedState(exit: ContainerExit): TerminatedState {
  return {
    exitCode: exit.exitCode,
    reason: exit.exitCode === 0 ? 'Completed' : 'Error',
    startedAt: wholeSeconds(exit.startedAt),
    finishedAt: wholeSeconds(exit.finishedAt),
  };
}

/** A container that ran when the cluster was killed. */
function lostState(startedAt: string): TerminatedState {
  return {
    exitCode: 137,
    reason: 'Error',
    message: 'the container ended with the local cluster',
    startedAt,
    finishedAt: wholeSeconds(new Date().toISOString()),
  };
}

function wholeSeconds(time: string): string {
  return `${time.slice(0, 19)}Z`;
}

/** A state that `kubectl describe` shows for a container that has not begun. */
export function notStarted(name: string, image: string, reason: string): ContainerStatus {
  const state: ContainerState = { waiting: { reason } };
  return { name, image, imageID: '', ready: false, started: false, restartCount: 0, state, lastState: {} };
}
