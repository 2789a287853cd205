import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDurationMs } from './duration.ts';

describe('durations', () => {
  it.each([
    ['1h30m', 5_400_000],
    ['1.5s', 1500],
    ['100ms', 100],
    ['0', 0],
    ['-1m', -60_000],
    ['1h0m0s', 3_600_000],
  ])('%s is read', (text, expected) => {
    expect(parseDurationMs(text)).toBe(expected);
  });

  it.each(['', 'soon', '5', '1d', '1h 5m', 'h'])('"%s" is none', (text) => {
    expect(parseDurationMs(text)).toBeUndefined();
  });

  it('are read back as they are written', () => {
    fc.assert(
      fc.property(fc.nat(10 ** 9), (durationMs) => {
        expect(parseDurationMs(formatDuration(durationMs))).toBeCloseTo(durationMs, 3);
      }),
    );
  });
});
