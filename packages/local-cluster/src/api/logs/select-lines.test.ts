/** Lines of a container's log. */

import { describe, expect, it } from 'vitest';
import { parseLogOptions, showLine } from './select-lines.ts';

const LINE = '2026-01-02T03:04:05.000000006Z stdout F hello  world ';
const options = (query: string) =>
  parseLogOptions(new URLSearchParams(query), new Date('2026-01-02T03:05:00Z'));

describe('showLine', () => {
  it('shows the text alone, or with its time', () => {
    expect(showLine(LINE, options(''))).toBe('hello  world \n');
    expect(showLine(LINE, options('timestamps=true'))).toBe('2026-01-02T03:04:05.000000006Z hello  world \n');
  });

  it('joins partial lines and keeps empty ones', () => {
    expect(showLine('2026-01-02T03:04:05Z stderr P part', options(''))).toBe('part');
    expect(showLine('2026-01-02T03:04:05Z stderr F', options(''))).toBe('\n');
    expect(showLine('2026-01-02T03:04:05Z stderr F ', options(''))).toBe('\n');
  });

  it('leaves out what is too old', () => {
    expect(showLine(LINE, options('sinceSeconds=10'))).toBeUndefined();
    expect(showLine(LINE, options('sinceSeconds=100'))).toBeDefined();
    expect(showLine(LINE, options('sinceTime=2026-01-02T03:04:06Z'))).toBeUndefined();
  });
});
