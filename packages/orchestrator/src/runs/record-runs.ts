/**
 * Keeps the history of runs: what the watch shows goes to the store, key by key, until the store has it. What a run left
 * that ended without its cleanup is swept first, so that a crash between the two repeats the sweep. One replica at a time
 * does it.
 */

import { createController, keyOf, sleep, splitKey, type KeySource } from '@tekton-dag/kube';
import type { PipelineRun } from '@tekton-dag/model';
import type { RunRow, RunWithEvidence, Store } from '@tekton-dag/store';
import { describeRun } from './describe-run.ts';
import { endedWithoutCleanup } from './sweep-run.ts';
import { untilAborted } from './until-aborted.ts';
import type { RunWatch } from './watch-runs.ts';

export interface RunRecorderOptions {
  readonly watch: RunWatch;
  readonly store: Store;
  /** Deletes what the run left. */
  readonly sweep: (run: RunRow) => Promise<void>;
  /** Told of each run before the store is; what it rejects with has the run told and recorded again later. */
  readonly onSeen: (before: RunRow | undefined, row: RunRow) => Promise<void>;
  /** Told of each run when the store has it; what it rejects with has the run recorded again later. */
  readonly onRecorded: (recorded: RecordedRun) => Promise<void>;
  readonly onError: (error: unknown, key: string) => void;
}

export interface RecordedRun {
  /** Undefined for a run that was deleted before it finished. */
  readonly run: PipelineRun | undefined;
  readonly row: RunRow;
  /** What the store had before. */
  readonly before: RunWithEvidence | undefined;
}

/** Runs at a time; writes of the same moment share a commit. */
const CONCURRENCY = 8;
/** Behind so many changes the history lags rather than slow down those who make the runs: 80 a second are written. */
const BURST_LENGTH = 100;
const BURST_PAUSE_MS = 100;

/** Ends when `signal` aborts and the work in hand is done. */
export async function recordRuns(options: RunRecorderOptions, signal: AbortSignal): Promise<void> {
  const { watch, store, onError } = options;
  /** Finished runs that all was done for; what a crash left undone is done once after it. */
  const settled = new Set<string>();
  const controller = createController({
    reflectors: [keysOf(watch)],
    concurrency: CONCURRENCY,
    onError,
    reconcile: async (key, aborted) => {
      const isWritten = await recordRun(options, key, settled);
      if (isWritten && controller.queueLength > BURST_LENGTH) await sleep(BURST_PAUSE_MS, aborted);
    },
  });
  const enqueueAll = async (namespaces: readonly string[]): Promise<void> => {
    try {
      const open = Map.groupBy(await store.runs.listOpen(), ({ namespace }) => namespace);
      await Promise.all(
        namespaces.map(async (namespace) => {
          await watch.whenSynced(namespace);
          for (const run of watch.itemsIn(namespace)) controller.enqueue(keyOf(run));
          // What the store has open may have gone while nobody saw it.
          for (const { name } of open.get(namespace) ?? []) controller.enqueue(`${namespace}/${name}`);
        }),
      );
    } catch (error) {
      onError(error, namespaces.join(','));
    }
  };
  const stop = watch.onNamespace((namespace, isFollowed) => {
    if (isFollowed) void enqueueAll([namespace]);
  });
  controller.start();
  void enqueueAll(watch.namespaces);
  await untilAborted(signal);
  stop();
  await controller[Symbol.asyncDispose]();
}

/** False when the store had it already. */
async function recordRun(options: RunRecorderOptions, key: string, settled: Set<string>): Promise<boolean> {
  const { watch, store, sweep, onSeen, onRecorded } = options;
  const run = watch.get(key);
  if (run === undefined) {
    settled.delete(key);
    return await recordDeletion(options, key);
  }
  const row = describeRun(run);
  const before = await store.runs.get(row);
  const isKnown = before !== undefined && isSame(before, row);
  if (isKnown && (row.finishedAtMs === undefined || settled.has(key))) return false;
  if (endedWithoutCleanup(run)) await sweep(row);
  await onSeen(before, row);
  if (!isKnown) await store.runs.upsert(row);
  await onRecorded({ run, row, before });
  if (row.finishedAtMs !== undefined) settled.add(key);
  return true;
}

function isSame(before: RunRow, after: RunRow): boolean {
  return (
    before.state === after.state &&
    before.reason === after.reason &&
    before.provenance === after.provenance &&
    before.startedAtMs === after.startedAtMs &&
    before.finishedAtMs === after.finishedAtMs &&
    before.createdAtMs === after.createdAtMs
  );
}

/** A run that was deleted before it finished will never tell how it ended. */
async function recordDeletion(options: RunRecorderOptions, key: string): Promise<boolean> {
  const { watch, store, sweep, onSeen, onRecorded } = options;
  const { namespace = '', name } = splitKey(key);
  // Of a namespace that is no longer watched nothing is known.
  if (!watch.hasSynced(namespace)) return false;
  const known = await store.runs.get({ namespace, name });
  if (known === undefined || known.finishedAtMs !== undefined) return false;
  // A team that is not loaded may come back, and its runs are there.
  if (!watch.follows(namespace, known.team)) return false;
  await sweep(known);
  const deleted: RunRow = { ...known, state: 'cancelled', reason: 'Deleted', finishedAtMs: Date.now() };
  await onSeen(known, deleted);
  await store.runs.upsert(deleted);
  await onRecorded({ run: undefined, row: deleted, before: known });
  return true;
}

/** The watch outlives the recorder, which only listens. */
function keysOf(watch: RunWatch): KeySource {
  const stops: (() => void)[] = [];
  return {
    start: () => {},
    synced: Promise.resolve(),
    onKey: (listener) => {
      const stop = watch.on(({ key }) => listener(key));
      stops.push(stop);
      return stop;
    },
    [Symbol.asyncDispose]: async () => {
      for (const stop of stops) stop();
    },
  };
}
