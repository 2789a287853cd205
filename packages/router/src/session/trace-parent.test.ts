import { describe, expect, it } from 'vitest';
import { createTraceParent, traceIdOf } from './trace-parent.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';

describe('a traceparent', () => {
  it.each([
    `00-${TRACE}-${PARENT}-01`,
    `00-${TRACE}-${PARENT}-00`,
    `cc-${TRACE}-${PARENT}-01`,
    `01-${TRACE}-${PARENT}-01-later`,
  ])('such as %s gives its trace id', (header) => {
    expect(traceIdOf(header)).toBe(TRACE);
  });

  it.each([
    undefined,
    '',
    'nonsense',
    `00-${TRACE}-${PARENT}`,
    `00-${TRACE}-${PARENT}-01-more`,
    `ff-${TRACE}-${PARENT}-01`,
    `00-${'0'.repeat(32)}-${PARENT}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${PARENT}-01`,
    `00-${TRACE}-${PARENT}-01, 00-${TRACE}-${PARENT}-01`,
    `00-${TRACE}-${PARENT}-01\n`,
  ])('such as %j is not valid', (header) => {
    expect(traceIdOf(header)).toBeUndefined();
  });

  it('that is made is valid and new each time', () => {
    const made = createTraceParent();
    expect(traceIdOf(made.header)).toBe(made.traceId);
    expect(createTraceParent().traceId).not.toBe(made.traceId);
  });
});
