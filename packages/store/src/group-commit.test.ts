import { describe, expect, it } from 'vitest';
import { createGroupCommit } from './group-commit.ts';
import { StoreError } from './store-error.ts';

describe('createGroupCommit', () => {
  it('commits items that arrive together in one batch, in order', async () => {
    const batches: number[][] = [];
    const group = createGroupCommit<number, number>({
      maxSize: 10,
      commit: async (items) => {
        batches.push([...items]);
        return items.map((item) => item * 2);
      },
    });
    expect(await Promise.all([group.add(1), group.add(2), group.add(3)])).toEqual([2, 4, 6]);
    expect(batches).toEqual([[1, 2, 3]]);
  });

  it('gathers what arrives during a commit into the next one, up to the maximum', async () => {
    const batches: number[][] = [];
    const gate = Promise.withResolvers<void>();
    const group = createGroupCommit<number, number>({
      maxSize: 2,
      commit: async (items) => {
        batches.push([...items]);
        await gate.promise;
        return items;
      },
    });
    const first = group.add(1);
    await expect.poll(() => batches.length, { timeout: 20_000 }).toBe(1);
    const rest = [group.add(2), group.add(3), group.add(4)];
    gate.resolve();
    await Promise.all([first, ...rest]);
    expect(batches).toEqual([[1], [2, 3], [4]]);
  });

  it('rejects every item of a batch that fails and carries on with the next', async () => {
    let failing = true;
    const group = createGroupCommit<number, number>({
      maxSize: 2,
      commit: async (items) => {
        if (failing) throw new Error('disk full');
        return items;
      },
    });
    const outcomes = await Promise.allSettled([group.add(1), group.add(2)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    failing = false;
    expect(await group.add(3)).toBe(3);
    await group.settled();
  });

  it('refuses more than may wait, at once, and takes on when there is room', async () => {
    const gate = Promise.withResolvers<void>();
    const commits = createGroupCommit<number, number>({
      maxSize: 1,
      maxWaiting: 2,
      commit: async (items) => {
        await gate.promise;
        return items;
      },
    });
    const waiting = [commits.add(1), commits.add(2)];
    await expect(commits.add(3)).rejects.toMatchObject({ code: 'STORE_BUSY' });
    gate.resolve();
    expect(await Promise.all(waiting)).toEqual([1, 2]);
    expect(await commits.add(4)).toBe(4);
  });

  it('refuses what would hold too many bytes until the commit under way is done, but never an item alone', async () => {
    const gate = Promise.withResolvers<void>();
    const commits = createGroupCommit<number, number>({
      maxSize: 1,
      maxHeldBytes: 10,
      bytesOf: (item) => item,
      commit: async (items) => {
        await gate.promise;
        return items;
      },
    });
    const held = [commits.add(4), commits.add(6)];
    await expect(commits.add(1)).rejects.toMatchObject({ code: 'STORE_BUSY' });
    gate.resolve();
    expect(await Promise.all(held)).toEqual([4, 6]);
    await commits.settled();
    expect(await commits.add(11)).toBe(11);
  });

  it('commits the same items again while the database is away, and only then', async () => {
    const seen: (readonly number[])[] = [];
    const commits = createGroupCommit<number, number>({
      maxSize: 9,
      commit: async (items) => {
        seen.push(items);
        if (seen.length === 1) throw new StoreError('STORE_UNAVAILABLE', 'restarting');
        if (seen.length === 3) throw new StoreError('STORE_QUERY_FAILED', 'no such table');
        return items;
      },
    });
    expect(await Promise.all([commits.add(1), commits.add(2)])).toEqual([1, 2]);
    await expect(commits.add(3)).rejects.toMatchObject({ code: 'STORE_QUERY_FAILED' });
    expect(seen).toEqual([[1, 2], [1, 2], [3]]);
  });

  it('refuses the item that the database refuses, and commits those that came with it', async () => {
    const commits = createGroupCommit<number, number>({
      maxSize: 9,
      commit: async (items) => {
        if (items.includes(2)) throw new StoreError('STORE_QUERY_FAILED', 'out of range');
        return items;
      },
    });
    const outcomes = await Promise.allSettled([1, 2, 3].map((item) => commits.add(item)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});
