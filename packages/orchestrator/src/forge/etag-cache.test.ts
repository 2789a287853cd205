import { expect, it } from 'vitest';
import { createETagCache } from './etag-cache.ts';

const answer = (data: unknown) => ({ status: 200, headers: {}, data });

it('forgets what was not asked for the longest', () => {
  const cache = createETagCache(2);
  cache.put('a', '"1"', answer('a'));
  cache.put('b', '"2"', answer('b'));
  cache.get('a');
  cache.put('c', '"3"', answer('c'));
  expect(cache.get('b')).toBeUndefined();
  expect([cache.get('a')?.etag, cache.get('c')?.etag]).toEqual(['"1"', '"3"']);
});

it('keeps nothing that is large', () => {
  const cache = createETagCache();
  cache.put('a', '"1"', answer('x'.repeat(70_000)));
  expect(cache.get('a')).toBeUndefined();
});
