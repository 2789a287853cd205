/**
 * Keeps the history of runs: what the watch shows goes to the store, key by key, until the store has it. What a run left
 * that ended without its cleanup is swept first, so that a crash between the two repeats the sweep.
 */

import { createController, splitKey, type Controller, type Reflector } from '@tekton-dag/kube';
import type { PipelineRun } from '@tekton-dag/model';
import type { RunRow, RunWithEvidence, Store } from '@tekton-dag/store';
import { describeRun } from './describe-run.ts';
import { endedWithoutCleanup } from './sweep-run.ts';

export interface RunRecorderOptions {
  /** Of different namespaces. */
  readonly reflectors: readonly Reflector<PipelineRun>[];
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

/** Dispose the controller to stop; that disposes the reflectors too. */
export function createRunRecorder(options: RunRecorderOptions): Controller {
  const { reflectors, store, sweep, onSeen, onRecorded, onError } = options;
  return createController({
    reflectors,
    onError,
    reconcile: async (key) => {
      const run = reflectors.map((reflector) => reflector.get(key)).find((found) => found !== undefined);
      if (run === undefined) return await recordDeletion(options, key);
      const row = describeRun(run);
      if (endedWithoutCleanup(run)) await sweep(row);
      const before = await store.runs.get(row);
      await onSeen(before, row);
      await store.runs.upsert(row);
      await onRecorded({ run, row, before });
    },
  });
}

/** A run that was deleted before it finished will never tell how it ended. */
async function recordDeletion(options: RunRecorderOptions, key: string): Promise<void> {
  const { store, sweep, onSeen, onRecorded } = options;
  const { namespace = '', name } = splitKey(key);
  const known = await store.runs.get({ namespace, name });
  if (known === undefined || known.finishedAtMs !== undefined) return;
  await sweep(known);
  const deleted: RunRow = { ...known, state: 'cancelled', reason: 'Deleted', finishedAtMs: Date.now() };
  await onSeen(known, deleted);
  await store.runs.upsert(deleted);
  await onRecorded({ run: undefined, row: deleted, before: known });
}
