import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createMetrics } from '../metrics.ts';
import { createBudgetDisplay } from './budget-display.ts';

const HOUR_MS = 3_600_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('shows what is left, and the whole limit again when it was reset and nobody has asked since', async () => {
  const metrics = createMetrics('test');
  const shown = async () => (await metrics.forgeBudget.get()).values;
  const show = createBudgetDisplay(metrics, 'github.com');
  const labels = { host: 'github.com' };
  show({ remaining: 7, limit: 5_000, resetAtMs: Date.now() + 60_000 });
  vi.advanceTimersByTime(59_000);
  show({ remaining: 5, limit: 5_000, resetAtMs: Date.now() + 1_000 });
  expect(await shown()).toEqual([{ labels, value: 5 }]);
  vi.advanceTimersByTime(1_000);
  expect(await shown()).toEqual([{ labels, value: 5_000 }]);
  show({ remaining: 9, limit: 5_000, resetAtMs: Number.MAX_SAFE_INTEGER });
  vi.advanceTimersByTime(HOUR_MS - 1);
  expect(await shown()).toEqual([{ labels, value: 9 }]);
  vi.advanceTimersByTime(1);
  expect(await shown()).toEqual([{ labels, value: 5_000 }]);
});
