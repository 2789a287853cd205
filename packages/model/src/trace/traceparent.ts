/** A traceparent: which trace a piece of work is part of (W3C Trace Context, section 3.2). */

export interface TraceParent {
  /** 32 lower-case hex digits, not all zero. */
  readonly traceId: string;
  /** 16 lower-case hex digits, not all zero: the span that the work is a child of. */
  readonly spanId: string;
  readonly sampled: boolean;
}

/** Later versions may say more after the flags; what we know comes first in all of them. */
const TRACEPARENT =
  /^(?!ff|00.{53}-)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const SAMPLED = 1;

/** Undefined for anything that the recommendation says to ignore. */
export function parseTraceparent(text: string): TraceParent | undefined {
  const match = TRACEPARENT.exec(text);
  if (match === null) return undefined;
  const [, traceId = '', spanId = '', flags = ''] = match;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & SAMPLED) === SAMPLED };
}

export function formatTraceparent({ traceId, spanId, sampled }: TraceParent): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}

/**
 * The value of the annotations `tekton.dev/pipelinerunSpanContext` and `tekton.dev/taskrunSpanContext`, which Tekton's
 * own tracing takes as the parent of its spans. Undefined when `traceparent` is none.
 */
export function spanContextOf(traceparent: string): string | undefined {
  const parent = parseTraceparent(traceparent);
  return parent === undefined ? undefined : JSON.stringify({ traceparent: formatTraceparent(parent) });
}
