/** Tracing: spans of what the service does and of what Tekton did for it. Off unless an endpoint is configured. */

/** Names and values by OpenTelemetry's semantic conventions; nothing secret, and never baggage. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export interface SpanStart {
  readonly name: string;
  readonly kind: 'server' | 'client' | 'internal';
  /** The traceparent of the span above; anything else than one begins a trace. */
  readonly parent: string | undefined;
  /** 16 hex digits: the same work told twice is one span. Absent: a new one. */
  readonly spanId?: string;
  /** Absent: now. */
  readonly startedAtMs?: number;
  readonly attributes?: SpanAttributes;
}

export interface SpanEnd {
  /** Absent: now. */
  readonly endedAtMs?: number;
  readonly attributes?: SpanAttributes;
  /** Marks the span as failed; a low-cardinality word, as `error.type`. */
  readonly error?: string;
}

export interface TraceSpan {
  /** For what is done on behalf of this span; undefined where there is no trace. */
  readonly traceparent: string | undefined;
  end(end?: SpanEnd): void;
}

export interface Tracing extends AsyncDisposable {
  /** False: spans lead nowhere, so nobody need gather what they would say. */
  readonly enabled: boolean;
  startSpan(start: SpanStart): TraceSpan;
}

/** Passes on the trace that others began, and adds nothing to it. */
export const noTracing: Tracing = {
  enabled: false,
  startSpan: ({ parent }) => ({ traceparent: parent, end: () => {} }),
  [Symbol.asyncDispose]: async () => {},
};
