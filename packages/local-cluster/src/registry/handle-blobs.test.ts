import { describe, expect, it } from 'vitest';
import { parseRange } from './handle-blobs.ts';

describe('a range of a blob of 10 bytes', () => {
  it.each([
    ['bytes=0-3', [0, 3]],
    ['bytes=5-', [5, 9]],
    ['bytes=5-100', [5, 9]],
    ['bytes=-3', [7, 9]],
    ['bytes=-30', [0, 9]],
    ['bytes=0-1,4-5', undefined],
    ['items=0-1', undefined],
    [undefined, undefined],
  ])('%s is %j', (header, expected) => {
    expect(parseRange(header, 10)).toEqual(expected);
  });

  it.each(['bytes=10-', 'bytes=5-4', 'bytes=-0'])('%s cannot be served', (header) => {
    expect(() => parseRange(header, 10)).toThrow(/10 bytes/);
  });
});
