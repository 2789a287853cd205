/** Ages as kubectl shows them. */

import { describe, expect, it } from 'vitest';
import { humanDuration } from './human-duration.ts';

const [S, M, H, D, Y] = [1, 60, 3600, 86_400, 365 * 86_400];

describe('humanDuration', () => {
  it.each([
    [-5 * S, '0s'],
    [0, '0s'],
    [119 * S, '119s'],
    [2 * M, '2m'],
    [2 * M + 5, '2m5s'],
    [10 * M + 30, '10m'],
    [3 * H, '3h'],
    [3 * H + 5 * M, '3h5m'],
    [8 * H + 5 * M, '8h'],
    [47 * H, '47h'],
    [2 * D + 3 * H, '2d3h'],
    [9 * D + 3 * H, '9d'],
    [2 * Y + 10 * D, '2y10d'],
    [9 * Y, '9y'],
  ])('shows %d seconds as %s', (seconds, expected) => {
    expect(humanDuration(seconds * 1000)).toBe(expected);
  });
});
