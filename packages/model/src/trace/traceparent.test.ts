import { expect, it } from 'vitest';
import { formatTraceparent, parseTraceparent, spanContextOf } from './traceparent.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

it.each([
  ['a sampled one', `00-${TRACE}-${SPAN}-01`, true],
  ['one that is not sampled', `00-${TRACE}-${SPAN}-00`, false],
  ['one of a later version, which may say more', `01-${TRACE}-${SPAN}-01-more`, true],
])('reads %s', (_title, text, sampled) => {
  expect(parseTraceparent(text)).toEqual({ traceId: TRACE, spanId: SPAN, sampled });
});

it.each([
  ['nothing', ''],
  ['version ff', `ff-${TRACE}-${SPAN}-01`],
  ['a zero trace id', `00-${'0'.repeat(32)}-${SPAN}-01`],
  ['a zero span id', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['capitals', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
  ['more than version 00 says', `00-${TRACE}-${SPAN}-01-more`],
  ['a reference to a param', '$(params.other)'],
])('ignores %s', (_title, text) => {
  expect(parseTraceparent(text)).toBeUndefined();
  expect(spanContextOf(text)).toBeUndefined();
});

it('writes what it reads', () => {
  const text = `00-${TRACE}-${SPAN}-01`;
  expect(formatTraceparent({ traceId: TRACE, spanId: SPAN, sampled: true })).toBe(text);
  expect(spanContextOf(text)).toBe(`{"traceparent":"${text}"}`);
});
