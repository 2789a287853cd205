/** eventually: an expectation that is asked again until it holds; the deadline is for a machine that is busy. */

import { expect } from 'vitest';

const DEADLINE_MS = 50_000;
const INTERVAL_MS = 20;

/** `await eventually(read).toEqual(x)`: reads until the value fits. */
export const eventually = <T>(read: () => T | Promise<T>) =>
  expect.poll(read, { timeout: DEADLINE_MS, interval: INTERVAL_MS });
