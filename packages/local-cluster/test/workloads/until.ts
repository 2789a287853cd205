/** until: waits until a value is there and gives it. */

import { expect } from 'vitest';

/** A real cluster takes longer than a local one; the limit is for the slower. */
export async function until<T>(read: () => T | undefined | false, timeoutMs = 60_000): Promise<T> {
  let value: T | undefined | false;
  await expect
    .poll(
      () => {
        value = read();
        return value !== undefined && value !== false;
      },
      { timeout: timeoutMs, interval: 10 },
    )
    .toBe(true);
  if (value === undefined || value === false) throw new Error('unreachable');
  return value;
}
