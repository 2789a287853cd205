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
    ['the last request of a budget that was answered', 200, used, {}, undefined],
    ['a used-up budget: at the reset', 403, used, {}, NOW + 600_000],
    ['a secondary limit with a time', 403, { ...left, 'retry-after': '90' }, {}, NOW + 90_000],
    ['a secondary limit without one: a minute', 403, left, { message: 'secondary rate limit' }, NOW + 60_000],
    ['too many requests', 429, {}, {}, NOW + 60_000],
    ['a refusal for another reason', 403, left, { message: 'Resource not accessible' }, undefined],
    ['a time without end: an hour', 429, { 'retry-after': '999999999' }, {}, NOW + 3_600_000],
    ['a time that is none', 429, { 'retry-after': 'soon' }, {}, NOW + 60_000],
    ['a reset that has passed: a second', 403, { ...used, 'x-ratelimit-reset': '1' }, {}, NOW + 1_000],
  ])('tells of %s', (_name, status, headers, data, retryAtMs) => {
    expect(limitOf({ status, headers, data }, NOW).retryAtMs).toBe(retryAtMs);
  });
});
