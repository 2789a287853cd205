/** Runs one async function over many items, at most `limit` at a time. */

/** Keeps the order of items. The first rejection rejects the whole and starts no more. */
export const mapBounded = async <T, U>(
  items: readonly T[],
  limit: number,
  map: (item: T, index: number) => Promise<U>,
): Promise<U[]> => {
  const results = new Map<number, U>();
  const queue = items.entries();
  let failed = false;
  const work = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (failed) return;
      try {
        results.set(index, await map(item, index));
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(limit, items.length)) }, work));
  return [...results].sort(([a], [b]) => a - b).map(([, value]) => value);
};
