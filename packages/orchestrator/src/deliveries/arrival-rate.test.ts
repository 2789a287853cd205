import { expect, it } from 'vitest';
import { createArrivalRate } from './arrival-rate.ts';

it('tells a burst while it lasts and a little longer, and then forgets it', () => {
  let nowMs = 1_000;
  const rate = createArrivalRate(() => nowMs);
  expect(rate.perSecond()).toBe(0);
  for (let count = 0; count < 50; count += 1) rate.arrive();
  expect(rate.perSecond()).toBe(200);
  nowMs += 300;
  expect(rate.perSecond()).toBe(200);
  nowMs += 300;
  expect(rate.perSecond()).toBe(0);
});
