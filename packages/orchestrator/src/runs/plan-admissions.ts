/** planAdmissions: which pending runs may start now; a pure function of the queues. */

import { fairShares } from './fair-shares.ts';
import { BinaryHeap } from './binary-heap.ts';
import type { QueuedRun } from './queued-run.ts';

/** One team's unfinished runs. */
export interface TeamQueue {
  /** Runs that take a slot. */
  readonly live: number;
  /** Sessions of live runs. */
  readonly busySessions: ReadonlyMap<string, number>;
  /** First the one that goes next. */
  readonly pending: readonly QueuedRun[];
  /** Runs that were let go so far, divided by the weight. */
  readonly served: number;
}

export interface TeamLimit {
  readonly maxConcurrentRuns: number;
  /** A team of weight 2 gets twice the slots of a team of weight 1, where there are not enough for all. */
  readonly weight: number;
}

export interface Capacity {
  /** Runs that live at a time, over all teams; 0: no such limit. */
  readonly maxLiveRuns: number;
  /** At most so many admissions. */
  readonly limit: number;
}

/**
 * Teams are as in `RunQueues`; runs of teams without a limit wait. Without `maxLiveRuns` every team gets what its own
 * limit allows. With it, slots are shared by weight (`fairShares`): a team below its whole share goes first; the fraction
 * that is left of a share is given in turns, so that of any N runs let go a waiting team gets its share less one.
 */
export function planAdmissions(
  queues: ReadonlyMap<string, TeamQueue>,
  limits: ReadonlyMap<string, TeamLimit>,
  capacity: Capacity,
): readonly QueuedRun[] {
  const live = queues.values().reduce((sum, queue) => sum + queue.live, 0);
  const free = capacity.maxLiveRuns === 0 ? capacity.limit : capacity.maxLiveRuns - live;
  const count = Math.min(free, capacity.limit);
  if (count <= 0) return [];
  const heap = new BinaryHeap(compareContenders, contendersOf(queues, limits, capacity));
  const chosen: QueuedRun[] = [];
  for (let first = heap.pop(); first !== undefined && chosen.length < count; first = heap.pop()) {
    chosen.push(first.next);
    const again = advance(first);
    if (again !== undefined) heap.push(again);
  }
  return chosen;
}

/** A team that could start `next` now, and how it stands. */
interface Contender {
  readonly team: string;
  readonly queue: TeamQueue;
  readonly limit: TeamLimit;
  readonly share: number;
  readonly live: number;
  readonly served: number;
  readonly next: QueuedRun;
  /** Where `next` is in the queue. */
  readonly index: number;
  /** Sessions of runs that were chosen. */
  readonly chosenSessions: Set<string>;
  readonly rank: readonly [band: number, turn: number];
}

function contendersOf(
  queues: ReadonlyMap<string, TeamQueue>,
  limits: ReadonlyMap<string, TeamLimit>,
  { maxLiveRuns }: Capacity,
): Contender[] {
  const known = [...queues].flatMap(([team, queue]) => {
    const limit = limits.get(team);
    return limit === undefined || queue.live + queue.pending.length === 0 ? [] : [{ team, queue, limit }];
  });
  const demands = known.map(({ team, queue, limit }) => ({
    team,
    wanted: Math.max(queue.live, Math.min(limit.maxConcurrentRuns, queue.live + queue.pending.length)),
    weight: limit.weight,
  }));
  const shares = fairShares(demands, maxLiveRuns === 0 ? Number.MAX_SAFE_INTEGER : maxLiveRuns);
  return known.flatMap(({ team, queue, limit }) => {
    const { live, served } = queue;
    const start = { team, queue, limit, live, served, share: shares.get(team) ?? 0, index: -1 };
    return findNext({ ...start, chosenSessions: new Set() }) ?? [];
  });
}

type Standing = Omit<Contender, 'next' | 'rank'>;

/** The team after its `next` was chosen. */
function advance(contender: Contender): Contender | undefined {
  const { next, chosenSessions, live, served, limit } = contender;
  if (next.session !== undefined) chosenSessions.add(next.session);
  return findNext({ ...contender, live: live + 1, served: served + 1 / limit.weight });
}

/** Undefined when the team has no free slot, or nothing that may take one. */
function findNext(standing: Standing): Contender | undefined {
  const { queue, live, limit, chosenSessions } = standing;
  if (live >= limit.maxConcurrentRuns) return undefined;
  for (let index = standing.index + 1; index < queue.pending.length; index += 1) {
    const next = queue.pending[index];
    if (next === undefined) return undefined;
    const isBusy =
      next.session !== undefined &&
      (queue.busySessions.has(next.session) || chosenSessions.has(next.session));
    if (!isBusy) return { ...standing, next, index, rank: rankOf(standing) };
  }
  return undefined;
}

function rankOf({ live, share, served, limit }: Standing): Contender['rank'] {
  const { weight } = limit;
  if (live < Math.floor(share)) return [0, (live + 1) / weight];
  if (live < share) return [1, served + 1 / weight];
  return [2, (live + 1) / weight];
}

/** Equal turns go to who waits longest. */
function compareContenders(a: Contender, b: Contender): number {
  const byRank = a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1];
  return byRank || a.next.createdAtMs - b.next.createdAtMs || (a.team < b.team ? -1 : 1);
}
