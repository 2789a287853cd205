/** PlatformSource: the platform as it is now, loaded anew when told to, and swapped as a whole. */

import type { PlatformLoader } from './load-platform.ts';
import type { PlatformSnapshot } from './platform-snapshot.ts';
import { withSmallYoungGeneration } from './with-small-young-generation.ts';

/** What a reload came to: `invalid` means that something was loaded and that files with errors stay as they were. */
export interface ReloadOutcome {
  readonly kind: 'loaded' | 'unchanged' | 'invalid';
  readonly snapshot: PlatformSnapshot;
}

/** Told after the swap; must not throw, nor wait for a reload. */
export type SnapshotListener = (now: PlatformSnapshot, before: PlatformSnapshot) => void;

export interface PlatformSource {
  /** Ask again for each piece of work. */
  snapshot(): PlatformSnapshot;
  /** Resolves when what the files said at the time of the call, or after it, counts. */
  reload(): Promise<ReloadOutcome>;
  /** Returns the way to stop. */
  subscribe(listener: SnapshotListener): () => void;
}

/** Loads for the first time. `onReload` is told of every load but the first. */
export async function createPlatformSource(
  loader: PlatformLoader,
  onReload: (outcome: ReloadOutcome) => void,
): Promise<PlatformSource> {
  let snapshot = await withSmallYoungGeneration(() => loader.load());
  const listeners = new Set<SnapshotListener>();
  const loadOnce = async (): Promise<ReloadOutcome> => {
    const before = snapshot;
    snapshot = await withSmallYoungGeneration(() => loader.load(before));
    const outcome = { kind: kindOf(before, snapshot), snapshot };
    if (snapshot !== before) for (const listener of listeners) listener(snapshot, before);
    onReload(outcome);
    return outcome;
  };
  return {
    snapshot: () => snapshot,
    reload: oneAtATime(loadOnce),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function kindOf(before: PlatformSnapshot, now: PlatformSnapshot): ReloadOutcome['kind'] {
  if (now === before) return 'unchanged';
  return now.problems.some(({ severity }) => severity === 'error') ? 'invalid' : 'loaded';
}

/** A call while one runs gets the one after it, which it shares with all calls of that time. */
function oneAtATime<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  let next: Promise<T> | undefined;
  const start = (): Promise<T> => {
    next = undefined;
    running = work().finally(() => {
      running = undefined;
    });
    return running;
  };
  return () => {
    if (running === undefined) return start();
    next ??= running.then(start, start);
    return next;
  };
}
