/**
 * RunQueues: the unfinished runs by team, kept up to date change by change, so that a decision need not look at all of
 * them. Slots are counted from the runs that live.
 */

import { keyOf, type CacheChange } from '@tekton-dag/kube';
import type { PipelineRun } from '@tekton-dag/model';
import type { TeamQueue } from './plan-admissions.ts';
import { compareQueuedRuns, toQueuedRun, type QueuedRun } from './queued-run.ts';
import { phaseOf } from './run-phase.ts';

/** `parked`: the API would not let it go; others go before it. */
type Place = 'pending' | 'live' | 'parked';

interface Entry {
  readonly run: QueuedRun;
  readonly place: Place;
}

class Queue implements TeamQueue {
  live = 0;
  served = 0;
  readonly pending: QueuedRun[] = [];
  readonly busySessions = new Map<string, number>();
}

export class RunQueues {
  readonly #priorityAgeMs: number;
  readonly #entries = new Map<string, Entry>();
  readonly #teams = new Map<string, Queue>();
  /** Let go by us at this version, and not yet seen so by the watch. */
  readonly #admitted = new Map<string, string>();
  /** What the team that was served last had been given before: who comes anew starts there. */
  #clock = 0;

  constructor(priorityAgeMs: number) {
    this.#priorityAgeMs = priorityAgeMs;
  }

  /** By `namespace/team`; changes with every call of the others. */
  get teams(): ReadonlyMap<string, TeamQueue> {
    return this.#teams;
  }

  apply(change: CacheChange<PipelineRun>): void {
    if (change.type === 'deleted') this.#forget(change.key);
    else this.set(change.object);
  }

  set(run: PipelineRun): void {
    const key = keyOf(run);
    const phase = phaseOf(run);
    if (phase === 'finished') return this.#forget(key);
    const queued = toQueuedRun(run, this.#priorityAgeMs);
    if (this.#admitted.get(key) === queued.resourceVersion) return;
    this.#admitted.delete(key);
    const present = this.#entries.get(key);
    if (present?.place === 'parked' && present.run.resourceVersion === queued.resourceVersion) return;
    this.#place({ run: queued, place: phase });
  }

  /**
   * It lives from now on, though the watch may not have shown it yet. `weight` is that of its team. False when the run has
   * changed since it was chosen; then nothing is done.
   */
  admit(run: QueuedRun, weight: number): boolean {
    const entry = this.#entries.get(run.key);
    if (entry?.place !== 'pending' || entry.run.resourceVersion !== run.resourceVersion) return false;
    const queue = this.#queueOf(run.team);
    this.#clock = Math.max(this.#clock, queue.served);
    queue.served += 1 / weight;
    this.#admitted.set(run.key, run.resourceVersion);
    this.#place({ run, place: 'live' });
    return true;
  }

  /** The API refused to let it go: it waits, without a slot, until it changes or `unpark`. Nothing for one that is gone. */
  park(run: QueuedRun): void {
    if (this.#entries.get(run.key)?.run.resourceVersion !== run.resourceVersion) return;
    this.#admitted.delete(run.key);
    this.#place({ run, place: 'parked' });
  }

  /** All that were refused may be tried again. */
  unpark(): void {
    for (const { run, place } of this.#entries.values()) {
      if (place === 'parked') this.#place({ run, place: 'pending' });
    }
  }

  /** Forgets the runs of a namespace. */
  clear(namespace: string): void {
    for (const { run } of this.#entries.values()) {
      if (run.namespace === namespace) this.#forget(run.key);
    }
  }

  #forget(key: string): void {
    this.#admitted.delete(key);
    this.#take(key);
  }

  #place(entry: Entry): void {
    const { run, place } = entry;
    this.#take(run.key);
    this.#entries.set(run.key, entry);
    const queue = this.#queueOf(run.team);
    if (place === 'live') {
      queue.live += 1;
      if (run.session !== undefined) addTo(queue.busySessions, run.session, 1);
    }
    if (place === 'pending') {
      if (queue.pending.length === 0) queue.served = Math.max(queue.served, this.#clock);
      queue.pending.splice(indexIn(queue.pending, run), 0, run);
    }
  }

  #take(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    const { run, place } = entry;
    const queue = this.#queueOf(run.team);
    if (place === 'live') {
      queue.live -= 1;
      if (run.session !== undefined) addTo(queue.busySessions, run.session, -1);
    }
    if (place === 'pending') queue.pending.splice(indexIn(queue.pending, run), 1);
  }

  #queueOf(team: string): Queue {
    const known = this.#teams.get(team);
    if (known !== undefined) return known;
    const queue = new Queue();
    this.#teams.set(team, queue);
    return queue;
  }
}

/** Where the run is, or belongs, in a sorted list. */
function indexIn(sorted: readonly QueuedRun[], run: QueuedRun): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = sorted[middle];
    if (other !== undefined && compareQueuedRuns(other, run) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function addTo(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
