import { describe, expect, it } from 'vitest';
import { limitOf } from './rate-limit.ts';

const NOW = 1_700_000_000_000;
const RESET = String(NOW / 1_000 + 600);
const used = { 'x-ratelimit-remaining': '0', 'x-ratelimit-limit': '5000', 'x-ratelimit-reset': RESET };
const left = { ...used, 'x-ratelimit-remaining': '4999' };

describe('limitOf', () => {
  it('reads what is left', () => {
    expect(limitOf({ status: 200, headers: left, data: {} }, NOW)).toEqual({
      budget: { remaining: 4999, limit: 5000, resetAtMs: NOW + 600_000 },
      retryAtMs: undefined,
    });
  });

  it.each([
    ['the last request of a budget that was answered', { status: 200, headers: used, data: {} }, undefined],
    ['a used-up budget: at the reset', { status: 403, headers: used, data: {} }, 600_000],
    [
      'a secondary limit with a time',
      { status: 403, headers: { ...left, 'retry-after': '90' }, data: {} },
      90_000,
    ],
    [
      'a secondary limit without one: a minute',
      { status: 403, headers: left, data: { message: 'secondary rate limit' } },
      60_000,
    ],
    ['too many requests', { status: 429, headers: {}, data: {} }, 60_000],
    [
      'a refusal for another reason',
      { status: 403, headers: left, data: { message: 'Resource not accessible' } },
      undefined,
    ],
    [
      'a time without end: an hour',
      { status: 429, headers: { 'retry-after': '999999999' }, data: {} },
      3_600_000,
    ],
    ['a time that is none', { status: 429, headers: { 'retry-after': 'soon' }, data: {} }, 60_000],
    [
      'a reset that has passed: a second',
      { status: 403, headers: { ...used, 'x-ratelimit-reset': '1' }, data: {} },
      1_000,
    ],
  ])('tells of %s', (_name, answer, pauseMs) => {
    const { retryAtMs } = limitOf(answer, NOW);
    expect(retryAtMs).toBe(pauseMs === undefined ? undefined : NOW + pauseMs);
  });
});
