/** SpanTree: work that is over, with what it was made of; told to a tracer in one go. */

import type { SpanAttributes, Tracing } from './tracing.ts';

export interface SpanTree {
  readonly name: string;
  readonly kind: 'server' | 'client' | 'internal';
  readonly spanId: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly attributes: SpanAttributes;
  /** Why it failed; absent when it did not. */
  readonly error?: string;
  readonly children: readonly SpanTree[];
}

/** `parent` is the traceparent of the span above. */
export function tellSpans(tracing: Tracing, tree: SpanTree, parent: string | undefined): void {
  const { children, endedAtMs, error, ...start } = tree;
  const span = tracing.startSpan({ ...start, parent });
  for (const child of children) tellSpans(tracing, child, span.traceparent);
  span.end({ endedAtMs, ...(error === undefined ? {} : { error }) });
}
