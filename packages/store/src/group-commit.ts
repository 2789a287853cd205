/** Group commit: items that arrive while a commit is under way share the next one, and so its fsync. */

import { retryWhileAway } from './retry-while-away.ts';
import { StoreError } from './store-error.ts';

export interface GroupCommit<Item, Outcome> {
  /** Resolves when the batch that holds the item is committed; rejects with `STORE_BUSY` when too many wait. */
  add(item: Item): Promise<Outcome>;
  /** Resolves when nothing is waiting or under way. */
  settled(): Promise<void>;
}

interface Waiting<Item, Outcome> {
  readonly item: Item;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/** More than the database takes in a second: who comes then would be answered too late, and costs memory until then. */
const DEFAULT_MAX_WAITING = 2_000;

/** What items hold until they are committed; those of usual size come to their number first. */
const DEFAULT_MAX_HELD_BYTES = 64 * 1024 * 1024;

export interface GroupCommitOptions<Item, Outcome> {
  /** Items of one commit. */
  readonly maxSize: number;
  readonly maxWaiting?: number;
  /** Of all items, those of the commit under way as well. An item that comes alone may be larger. */
  readonly maxHeldBytes?: number;
  /** Default: too little to count. */
  readonly bytesOf?: (item: Item) => number;
  readonly commit: (items: readonly Item[]) => Promise<readonly Outcome[]>;
}

/**
 * One commit is under way at a time. `commit` gets 1 to `maxSize` items and gives their outcomes in the same order;
 * when it rejects, every item of that batch does. While the database is away it is called again with the same items, and
 * when the database refuses a batch (`STORE_QUERY_FAILED`) with each item alone.
 */
export function createGroupCommit<Item, Outcome>(
  options: GroupCommitOptions<Item, Outcome>,
): GroupCommit<Item, Outcome> {
  const { maxSize, maxWaiting = DEFAULT_MAX_WAITING, bytesOf = () => 0, commit } = options;
  const { maxHeldBytes = DEFAULT_MAX_HELD_BYTES } = options;
  const queue: Waiting<Item, Outcome>[] = [];
  let heldBytes = 0;
  let draining: Promise<void> | undefined;

  const isFull = (item: Item): boolean =>
    queue.length >= maxWaiting || (heldBytes > 0 && heldBytes + bytesOf(item) > maxHeldBytes);
  const hold = (item: Item): void => void (heldBytes += bytesOf(item));
  const letGo = ({ item }: Waiting<Item, Outcome>): void => void (heldBytes -= bytesOf(item));

  const drain = async (): Promise<void> => {
    // Let the other requests of this turn of the event loop join the first batch.
    await new Promise((resolve) => void setImmediate(resolve));
    while (queue.length > 0) {
      const batch = queue.splice(0, maxSize);
      await commitBatch(batch, commit);
      batch.forEach(letGo);
    }
    draining = undefined;
  };
  return {
    add: (item) =>
      new Promise<Outcome>((resolve, reject) => {
        if (isFull(item)) return reject(new StoreError('STORE_BUSY', `${queue.length} commits wait already`));
        hold(item);
        queue.push({ item, resolve, reject });
        draining ??= drain();
      }),
    settled: async () => await draining,
  };
}

async function commitBatch<Item, Outcome>(
  batch: readonly Waiting<Item, Outcome>[],
  commit: (items: readonly Item[]) => Promise<readonly Outcome[]>,
): Promise<void> {
  try {
    const items = batch.map(({ item }) => item);
    settleBatch(batch, await retryWhileAway(() => commit(items)));
  } catch (error) {
    // What the database will not have must not take along what happened to come with it.
    if (isRefusal(error) && batch.length > 1) for (const alone of batch) await commitBatch([alone], commit);
    else for (const { reject } of batch) reject(error);
  }
}

const isRefusal = (error: unknown): boolean =>
  error instanceof StoreError && error.code === 'STORE_QUERY_FAILED';

function settleBatch<Item, Outcome>(
  batch: readonly Waiting<Item, Outcome>[],
  outcomes: readonly Outcome[],
): void {
  batch.forEach(({ resolve, reject }, index) => {
    const outcome = outcomes[index];
    if (outcome === undefined)
      reject(new Error(`the commit gave ${outcomes.length} outcomes for ${batch.length} items`));
    else resolve(outcome);
  });
}
