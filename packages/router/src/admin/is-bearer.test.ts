import { describe, expect, it } from 'vitest';
import { isBearer } from './is-bearer.ts';

describe('a bearer token', () => {
  it.each(['Bearer secret', 'bearer secret', 'Bearer  secret '])('in %j is the right one', (header) => {
    expect(isBearer(header, 'secret')).toBe(true);
  });

  it.each([
    undefined,
    '',
    'secret',
    'Basic secret',
    'Bearer',
    'Bearer secret2',
    'Bearer secre',
    'Bearer secret more',
  ])('in %j is not', (header) => {
    expect(isBearer(header, 'secret')).toBe(false);
  });

  it('that is empty lets nobody in', () => {
    expect(isBearer('Bearer ', '')).toBe(false);
    expect(isBearer(undefined, '')).toBe(false);
  });
});
