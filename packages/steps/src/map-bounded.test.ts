import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapBounded } from './map-bounded.ts';

describe('mapBounded', () => {
  it('keeps order and never runs more than the limit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(3), { maxLength: 30 }),
        fc.integer({ min: 1, max: 6 }),
        async (turns, limit) => {
          let running = 0;
          let peak = 0;
          const mapped = await mapBounded(turns, limit, async (count, index) => {
            running += 1;
            peak = Math.max(peak, running);
            for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
            running -= 1;
            return index;
          });
          expect(mapped).toEqual(turns.map((_, index) => index));
          expect(peak).toBeLessThanOrEqual(limit);
        },
      ),
    );
  });

  it('awaits what runs before it throws the first rejection', async () => {
    let ended = false;
    const run = mapBounded(['fast', 'slow'], 2, async (item) => {
      if (item === 'fast') throw new Error('first');
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
      ended = true;
      throw new Error('second');
    });
    await expect(run).rejects.toThrow('first');
    expect(ended).toBe(true);
  });

  it('starts no more after a rejection', async () => {
    const started: number[] = [];
    const run = mapBounded([0, 1, 2, 3], 1, async (item) => {
      started.push(item);
      await Promise.resolve();
      if (item === 1) throw new Error('no');
    });
    await expect(run).rejects.toThrow('no');
    expect(started).toEqual([0, 1]);
  });
});
