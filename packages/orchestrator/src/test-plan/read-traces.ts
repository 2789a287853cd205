/** readTraces: what traces of tests show: which test touches which service, and which service calls which. Pure. */

import type { TestPlanCall, TestPlanTest, TestPlanTouch, TestPlanTraces } from '@tekton-dag/store';
import type { Trace } from './trace-body.ts';

type Span = Trace['spans'][number];

/** Each test, touch and call once; the type of a test is the one that is told last. */
export function readTraces(traces: readonly Trace[]): TestPlanTraces {
  const tests = new Map<string, TestPlanTest>();
  const touches = new Map<string, TestPlanTouch>();
  const calls = new Map<string, TestPlanCall>();
  for (const { test_id: id, test_type: type, spans } of traces) {
    tests.set(id, { id, type });
    for (const { service } of spans) touches.set(JSON.stringify([id, service]), { test: id, service });
    for (const call of callsOf(spans)) calls.set(JSON.stringify([call.caller, call.callee]), call);
  }
  return { tests: [...tests.values()], touches: [...touches.values()], calls: [...calls.values()] };
}

/** Who calls whom is told by parents; spans that name none are taken to be in the order of the calls. */
function callsOf(spans: readonly Span[]): readonly TestPlanCall[] {
  const told = spans.some(({ parent_span_id: parent }) => typeof parent === 'string');
  const pairs = told ? pairsByParent(spans) : spans.map((span, index) => [spans[index - 1], span] as const);
  return pairs.flatMap(([caller, callee]) =>
    caller === undefined || caller.service === callee.service
      ? []
      : [{ caller: caller.service, callee: callee.service }],
  );
}

function pairsByParent(spans: readonly Span[]): readonly (readonly [Span | undefined, Span])[] {
  const byId = new Map(spans.flatMap((span) => (span.span_id === undefined ? [] : [[span.span_id, span]])));
  return spans.map((span) => [byId.get(span.parent_span_id ?? ''), span] as const);
}
