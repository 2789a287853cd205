import { describe, expect, it } from 'vitest';
import { createExpiringCache } from './expiring-cache.ts';

describe('createExpiringCache', () => {
  it('forgets a value when its time is over, and takes a new one', () => {
    let nowMs = 0;
    const cache = createExpiringCache<string>(10, () => nowMs);
    cache.set('a', 'one', 100);
    nowMs = 99;
    expect(cache.get('a')).toBe('one');
    nowMs = 100;
    expect(cache.get('a')).toBeUndefined();
    cache.set('a', 'two', 100);
    expect(cache.get('a')).toBe('two');
  });

  it('holds no more than it may: the oldest makes room', () => {
    const cache = createExpiringCache<number>(3, () => 0);
    for (const [index, key] of ['a', 'b', 'a', 'c', 'd'].entries()) cache.set(key, index, 100);
    expect(['a', 'b', 'c', 'd'].map((key) => cache.get(key))).toEqual([2, undefined, 3, 4]);
  });
});
