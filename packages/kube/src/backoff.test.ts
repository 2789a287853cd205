import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBackoff } from './backoff.ts';

describe('a backoff', () => {
  it('doubles up to its maximum, with the lower half of each wait certain', () => {
    const waits = (random: () => number): number[] => {
      const backoff = createBackoff({ baseMs: 100, maxMs: 500, random });
      return Array.from({ length: 5 }, () => backoff.next());
    };
    expect(waits(() => 0)).toEqual([50, 100, 200, 250, 250]);
    expect(waits(() => 0.999_999)).toEqual([100, 200, 400, 500, 500]);
  });

  it('never waits longer than its maximum and starts over when it is reset', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60_000 }), fc.integer({ min: 1, max: 60 }), (maxMs, tries) => {
        const backoff = createBackoff({ baseMs: 200, maxMs });
        for (let index = 0; index < tries; index += 1) expect(backoff.next()).toBeLessThanOrEqual(maxMs);
        backoff.reset();
        expect(backoff.next()).toBeLessThanOrEqual(200);
      }),
    );
  });
});
