/** One hop: what a router saw of one request of a trace. */
export interface Hop {
  /** Order in which the requests of the trace arrived at this router, from 1. */
  readonly sequence: number;
  readonly timeUnixMs: number;
  readonly namespace: string;
  readonly service: string;
  /** The Service whose hop came before; null when the request does not say. */
  readonly caller: string | null;
  readonly session: string;
  /** The request carried the session in the header. */
  readonly header: boolean;
  /** The request carried the session as a baggage member. */
  readonly baggage: boolean;
  /** Service that was chosen to answer; null when none was. */
  readonly backend: string | null;
  /** Pod that answered; null when none did. */
  readonly pod: string | null;
  /** Status of the answer; 499 when the caller went away first. */
  readonly status: number;
  /** From the arrival of the request to the head of the answer. */
  readonly durationMs: number;
}

/** A request of a known trace that had lost its session on the way: it is sent on unchanged, but it is remembered. */
export type UntaggedHop = Omit<Hop, 'session' | 'header' | 'baggage'>;

/** All that a router remembers of a trace; `truncated` when it had more hops than a router keeps. */
export interface TraceEvidence {
  readonly traceId: string;
  readonly hops: readonly Hop[];
  readonly untagged: readonly UntaggedHop[];
  readonly truncated: boolean;
}
