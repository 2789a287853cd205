/** Group commit: items that arrive while a commit is under way share the next one, and so its fsync. */

export interface GroupCommit<Item, Outcome> {
  /** Resolves when the batch that holds the item is committed. */
  add(item: Item): Promise<Outcome>;
  /** Resolves when nothing is waiting or under way. */
  settled(): Promise<void>;
}

interface Waiting<Item, Outcome> {
  readonly item: Item;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One commit is under way at a time. `commit` gets 1 to `maxSize` items and gives their outcomes in the same order;
 * when it rejects, every item of that batch does.
 */
export function createGroupCommit<Item, Outcome>(options: {
  readonly maxSize: number;
  readonly commit: (items: readonly Item[]) => Promise<readonly Outcome[]>;
}): GroupCommit<Item, Outcome> {
  const queue: Waiting<Item, Outcome>[] = [];
  let draining: Promise<void> | undefined;

  const drain = async (): Promise<void> => {
    // Let the other requests of this turn of the event loop join the first batch.
    await new Promise((resolve) => void setImmediate(resolve));
    while (queue.length > 0) await commitBatch(queue.splice(0, options.maxSize), options.commit);
    draining = undefined;
  };
  return {
    add: (item) =>
      new Promise<Outcome>((resolve, reject) => {
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
    const outcomes = await commit(batch.map(({ item }) => item));
    batch.forEach(({ resolve, reject }, index) => {
      const outcome = outcomes[index];
      if (outcome === undefined)
        reject(new Error(`the commit gave ${outcomes.length} outcomes for ${batch.length} items`));
      else resolve(outcome);
    });
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}
