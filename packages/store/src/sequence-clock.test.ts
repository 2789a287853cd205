import { array, assert, integer, property } from 'fast-check';
import { expect, it } from 'vitest';
import { createSequenceClock } from './sequence-clock.ts';

it('always grows, whatever the wall clock does', () => {
  assert(
    property(array(integer({ min: 0, max: 5_000_000_000_000 }), { minLength: 2 }), (times) => {
      const wallClock = times.values();
      const next = createSequenceClock(() => wallClock.next().value ?? 0);
      const values = times.map(() => next());
      expect(values.every((value, index) => index === 0 || value > (values[index - 1] ?? 0))).toBe(true);
      expect(values.every(Number.isSafeInteger)).toBe(true);
    }),
  );
});
