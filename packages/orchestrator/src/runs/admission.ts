/** Admission: lets pending runs go while their team has a free slot. One replica at a time does it. */

import { createBackoff, KubeError, sleep, type KubeClient } from '@tekton-dag/kube';
import { createBell, type Bell } from '../bell.ts';
import type { PlatformSnapshot } from '../platform/platform-snapshot.ts';
import { eachConcurrently } from './each-concurrently.ts';
import { pipelineRunsIn } from './pipeline-runs.ts';
import { planAdmissions, type TeamLimit, type TeamQueue } from './plan-admissions.ts';
import { teamKeyOf, type QueuedRun } from './queued-run.ts';
import { RunQueues } from './run-queues.ts';
import type { RunWatch } from './watch-runs.ts';

export interface AdmissionOptions {
  readonly watch: RunWatch;
  readonly client: KubeClient;
  readonly snapshot: () => PlatformSnapshot;
  readonly priorityAgeMs: number;
  /** Runs that live at a time, over all teams; 0: no such limit. */
  readonly maxLiveRuns: number;
  readonly onAdmitted: (run: QueuedRun) => void;
  /** Told after changes, by `namespace/team`; empty when this replica no longer admits. */
  readonly onQueues: (queues: ReadonlyMap<string, TeamQueue>) => void;
  readonly onError: (error: unknown, run?: QueuedRun) => void;
}

/** In a burst of changes one decision is made for all that come within this time. */
const GATHER_MS = 10;
/** Decided at once; what happens meanwhile counts from the next decision on. */
const BATCH = 100;
const CONCURRENT_PATCHES = 20;
/** A run that the API would not let go is tried again after this long. */
const UNPARK_MS = 60_000;
/** A run over which the API stumbled, too. */
const FAULT_RETRY_MS = 5_000;
/** Showing a thousand teams costs more than a decision. */
const SHOW_EVERY_MS = 500;

/** Ends when `signal` aborts: then it starts nothing more, because another replica may. */
export async function admitRuns(options: AdmissionOptions, signal: AbortSignal): Promise<void> {
  const queues = new RunQueues(options.priorityAgeMs);
  const bell = createBell();
  const view = followRuns(options.watch, queues, bell);
  signal.addEventListener('abort', () => bell.ring(), { once: true });
  const unparking = setInterval(() => {
    queues.unpark();
    bell.ring();
  }, UNPARK_MS);
  try {
    await new Admission(options, queues, signal).run(bell, view.isWhole);
  } finally {
    clearInterval(unparking);
    view.stop();
    options.onQueues(new Map());
  }
}

interface RunView {
  /** False until every namespace was listed since the view began, or is known to fail. */
  readonly isWhole: () => boolean;
  readonly stop: () => void;
}

/**
 * Fills the queues. A namespace counts from a list that began after this call: whoever admitted before may have let runs
 * go that an older list does not show.
 */
function followRuns(watch: RunWatch, queues: RunQueues, bell: Bell): RunView {
  const listed = new Set<string>();
  let isStopped = false;
  const load = async (namespace: string): Promise<void> => {
    await watch.refresh(namespace);
    if (isStopped || !watch.hasSynced(namespace)) return;
    for (const run of watch.itemsIn(namespace)) queues.set(run);
    listed.add(namespace);
    bell.ring();
  };
  const stops = [
    watch.on((change) => {
      if (!listed.has(change.object.metadata.namespace ?? '')) return;
      queues.apply(change);
      bell.ring();
    }),
    watch.onNamespace((namespace, isFollowed) => {
      if (isFollowed) {
        void load(namespace);
      } else {
        listed.delete(namespace);
        queues.clear(namespace);
      }
    }),
  ];
  for (const namespace of watch.namespaces) void load(namespace);
  return {
    isWhole: () => watch.namespaces.every((namespace) => listed.has(namespace) || watch.isFailing(namespace)),
    stop: () => {
      isStopped = true;
      for (const stop of stops) stop();
    },
  };
}

class Admission {
  readonly #options: AdmissionOptions;
  readonly #queues: RunQueues;
  readonly #signal: AbortSignal;
  /** Whether they were let go is not known: they take a slot until the API has said so; asked again from the time on. */
  readonly #uncertain = new Map<QueuedRun, number>();
  #limits: { readonly of: PlatformSnapshot; readonly teams: ReadonlyMap<string, TeamLimit> } | undefined;
  #shownAtMs = 0;

  constructor(options: AdmissionOptions, queues: RunQueues, signal: AbortSignal) {
    this.#options = options;
    this.#queues = queues;
    this.#signal = signal;
  }

  async run(bell: Bell, isWhole: () => boolean): Promise<void> {
    const backoff = createBackoff();
    while (!this.#signal.aborted) {
      await bell.wait(SHOW_EVERY_MS);
      await sleep(GATHER_MS, this.#signal);
      if (!isWhole()) continue;
      try {
        await this.#decide();
        backoff.reset();
      } catch (error) {
        this.#options.onError(error);
        await sleep(backoff.next(), this.#signal);
        bell.ring();
      }
    }
  }

  async #decide(): Promise<void> {
    const nowMs = performance.now();
    const due = [...this.#uncertain].filter(([, askAtMs]) => askAtMs <= nowMs).map(([run]) => run);
    await eachConcurrently(due, CONCURRENT_PATCHES, (run) => this.#letGo(run));
    for (let chosen = this.#plan(); chosen.length > 0 && !this.#signal.aborted; chosen = this.#plan()) {
      await eachConcurrently(chosen, CONCURRENT_PATCHES, (run) => this.#admit(run));
      this.#show();
    }
    this.#show();
  }

  #plan(): readonly QueuedRun[] {
    const capacity = { maxLiveRuns: this.#options.maxLiveRuns, limit: BATCH };
    return planAdmissions(this.#queues.teams, this.#teamLimits(), capacity);
  }

  #teamLimits(): ReadonlyMap<string, TeamLimit> {
    const snapshot = this.#options.snapshot();
    if (this.#limits?.of !== snapshot) this.#limits = { of: snapshot, teams: limitsOf(snapshot) };
    return this.#limits.teams;
  }

  async #admit(run: QueuedRun): Promise<void> {
    const weight = this.#teamLimits().get(run.team)?.weight;
    // What was decided may have been overtaken by what the watch showed since.
    if (this.#signal.aborted || weight === undefined || !this.#queues.admit(run, weight)) return;
    await this.#letGo(run);
  }

  /** Rejects when the API is away or has too much to do; it may have let the run go or not. */
  async #letGo(run: QueuedRun): Promise<void> {
    if (this.#signal.aborted) return;
    this.#uncertain.set(run, 0);
    try {
      await clearPending(this.#options.client, run);
      this.#options.onAdmitted(run);
    } catch (error) {
      if (isFault(error)) return this.#putOff(run, error);
      if (!isRefused(error)) throw error;
      // Changed or gone since the watch showed it: the watch will tell, and until then it takes its slot.
      if (error.reason !== 'Conflict' && error.reason !== 'NotFound') {
        this.#queues.park(run);
        this.#options.onError(error, run);
      }
    }
    this.#uncertain.delete(run);
  }

  /** The API stumbles over this run, perhaps over no other. */
  #putOff(run: QueuedRun, error: unknown): void {
    this.#uncertain.set(run, performance.now() + FAULT_RETRY_MS);
    this.#options.onError(error, run);
  }

  #show(): void {
    const nowMs = performance.now();
    if (nowMs - this.#shownAtMs < SHOW_EVERY_MS) return;
    this.#shownAtMs = nowMs;
    this.#options.onQueues(this.#queues.teams);
  }
}

function limitsOf({ teams }: PlatformSnapshot): ReadonlyMap<string, TeamLimit> {
  return new Map([...teams.values()].map((team) => [teamKeyOf(team.namespace, team.name), team]));
}

async function clearPending(client: KubeClient, run: QueuedRun): Promise<void> {
  const patch = { metadata: { resourceVersion: run.resourceVersion }, spec: { status: null } };
  await pipelineRunsIn(client, run.namespace).patch(run.name, patch, { type: 'merge' });
}

const SERVER_FAULT = 500;

/** The API tried and failed, e.g. because an admission webhook did not answer. */
function isFault(error: unknown): boolean {
  return error instanceof KubeError && error.status === SERVER_FAULT;
}

/** The API has said no; too many requests, and a server that is not available, pass. */
function isRefused(error: unknown): error is KubeError {
  return error instanceof KubeError && error.status < SERVER_FAULT && error.reason !== 'TooManyRequests';
}
