import { describe, expect, it } from 'vitest';
import { createLineCounter } from './line-counter.ts';
import { parseLogPosition, renderLogPosition, type LogPosition } from './log-position.ts';

const POSITION: LogPosition = {
  podCreated: '2026-01-02T03:04:05Z',
  pod: 'stack-pr-1-abc-build-pod',
  container: 'step-fetch',
  line: { timestamp: '2026-01-02T03:04:06.000000001Z', count: 3 },
  finishedPods: [],
};

describe('a position in the logs', () => {
  it('comes back from its text', () => {
    for (const finishedPods of [[], ['a'], ['a', 'b.c-d']]) {
      const position = { ...POSITION, finishedPods };
      expect(parseLogPosition(renderLogPosition(position))).toEqual(position);
    }
  });

  it.each([
    '',
    'end',
    '1',
    'x/y/z:1|2',
    `${renderLogPosition(POSITION)}\nid: 1`,
    '../../etc',
    'a'.repeat(20_000),
  ])('is not what somebody else wrote: %.40s', (text) => expect(parseLogPosition(text)).toBeUndefined());
});

describe('createLineCounter', () => {
  const lines = [
    '2026-01-02T03:04:06.1Z a',
    '2026-01-02T03:04:06.1Z a',
    '2026-01-02T03:04:06.12Z b',
    '2026-01-02T05:04:07+02:00 c',
  ];

  it('gives lines of one time different places, whatever zone the times are written in', () => {
    const places = lines.map(createLineCounter(undefined)).map((line) => line?.position);
    expect(places).toEqual([
      { timestamp: '2026-01-02T03:04:06.100000000Z', count: 1 },
      { timestamp: '2026-01-02T03:04:06.100000000Z', count: 2 },
      { timestamp: '2026-01-02T03:04:06.120000000Z', count: 1 },
      { timestamp: '2026-01-02T03:04:07.000000000Z', count: 1 },
    ]);
  });

  it('after any line gives exactly those that follow', () => {
    const all = lines.map(createLineCounter(undefined)).flatMap((line) => line ?? []);
    for (const [index, { position }] of all.entries()) {
      expect(lines.map(createLineCounter(position)).flatMap((line) => line ?? [])).toEqual(
        all.slice(index + 1),
      );
    }
  });

  it('counts lines that have no time', () => {
    const all = ['x', 'y', ''].map(createLineCounter(undefined)).flatMap((line) => line ?? []);
    expect(all.map(({ text, position }) => [text, position.count])).toEqual([
      ['x', 1],
      ['y', 2],
      ['', 3],
    ]);
  });
});
