/** Keeps the history of runs: what the watch shows goes to the store, key by key, until the store has it. */

import { createController, splitKey, type Controller, type Reflector } from '@tekton-dag/kube';
import type { PipelineRun } from '@tekton-dag/model';
import type { RunRow, Store } from '@tekton-dag/store';
import { describeRun } from './describe-run.ts';

/** `reflectors` hold different namespaces. Dispose the controller to stop; that disposes the reflectors too. */
export function createRunRecorder(options: {
  readonly reflectors: readonly Reflector<PipelineRun>[];
  readonly store: Store;
  readonly onError: (error: unknown, key: string) => void;
}): Controller {
  const { reflectors, store, onError } = options;
  return createController({
    reflectors,
    onError,
    reconcile: async (key) => {
      const run = reflectors.map((reflector) => reflector.get(key)).find((found) => found !== undefined);
      if (run === undefined) await recordDeletion(store, key);
      else await store.runs.upsert(describeRun(run));
    },
  });
}

/** A run that was deleted before it finished will never tell how it ended. */
async function recordDeletion(store: Store, key: string): Promise<void> {
  const { namespace = '', name } = splitKey(key);
  const known = await store.runs.get({ namespace, name });
  if (known === undefined || known.finishedAtMs !== undefined) return;
  const deleted: RunRow = { ...known, state: 'cancelled', reason: 'Deleted', finishedAtMs: Date.now() };
  await store.runs.upsert(deleted);
}
