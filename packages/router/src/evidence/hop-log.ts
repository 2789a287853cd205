/** Remembers the hops of recent traces, within bounds that no traffic can pass. */
import type { Hop, TraceEvidence, UntaggedHop } from './hop.ts';

export interface HopLogLimits {
  readonly maxTraces: number;
  /** A trace is forgotten this long after it was first seen. */
  readonly maxAgeMs: number;
  readonly maxHopsPerTrace: number;
  readonly maxHops: number;
}

const DEFAULT_LIMITS: HopLogLimits = {
  maxTraces: 10_000,
  maxAgeMs: 10 * 60_000,
  maxHopsPerTrace: 1_000,
  maxHops: 100_000,
};

interface Trace {
  readonly firstSeenMs: number;
  arrivals: number;
  truncated: boolean;
  readonly hops: Hop[];
  readonly untagged: UntaggedHop[];
}

export interface HopLog {
  /** Takes note that a tagged request of the trace arrived; answers its sequence number. */
  arrive(traceId: string): number;
  /** As `arrive`, for a request without session: undefined when the trace is not known. */
  arriveUntagged(traceId: string): number | undefined;
  record(traceId: string, hop: Hop): void;
  recordUntagged(traceId: string, hop: UntaggedHop): void;
  /** Hops in order of arrival; undefined for an unknown or forgotten trace. */
  evidence(traceId: string): TraceEvidence | undefined;
  readonly size: number;
}

/** A bounded log; the oldest traces go first. `now` gives Unix milliseconds. */
export function createHopLog(now: () => number, limits: Partial<HopLogLimits> = {}): HopLog {
  return new BoundedHopLog(now, { ...DEFAULT_LIMITS, ...limits });
}

class BoundedHopLog implements HopLog {
  readonly #now: () => number;
  readonly #limits: HopLogLimits;
  /** A Map keeps the order of insertion: the first entry is the oldest. */
  readonly #traces = new Map<string, Trace>();
  #hopCount = 0;

  constructor(now: () => number, limits: HopLogLimits) {
    this.#now = now;
    this.#limits = limits;
  }

  get size(): number {
    return this.#traces.size;
  }

  arrive(traceId: string): number {
    const known = this.#traces.get(traceId);
    const trace = known ?? {
      firstSeenMs: this.#now(),
      arrivals: 0,
      truncated: false,
      hops: [],
      untagged: [],
    };
    trace.arrivals += 1;
    if (known === undefined) {
      this.#traces.set(traceId, trace);
      this.#prune();
    }
    return trace.arrivals;
  }

  arriveUntagged(traceId: string): number | undefined {
    return this.#traces.has(traceId) ? this.arrive(traceId) : undefined;
  }

  record(traceId: string, hop: Hop): void {
    this.#keep(traceId, (trace) => trace.hops.push(hop));
  }

  recordUntagged(traceId: string, hop: UntaggedHop): void {
    this.#keep(traceId, (trace) => trace.untagged.push(hop));
  }

  evidence(traceId: string): TraceEvidence | undefined {
    this.#prune();
    const trace = this.#traces.get(traceId);
    if (trace === undefined) return undefined;
    const { hops, untagged, truncated } = trace;
    return { traceId, hops: hops.toSorted(bySequence), untagged: untagged.toSorted(bySequence), truncated };
  }

  #keep(traceId: string, add: (trace: Trace) => void): void {
    const trace = this.#traces.get(traceId);
    if (trace === undefined) return;
    if (sizeOf(trace) >= this.#limits.maxHopsPerTrace) {
      trace.truncated = true;
      return;
    }
    add(trace);
    this.#hopCount += 1;
    this.#prune();
  }

  #prune(): void {
    for (const [traceId, trace] of this.#traces) {
      if (!this.#isOverLimits(trace)) return;
      this.#traces.delete(traceId);
      this.#hopCount -= sizeOf(trace);
    }
  }

  /** Whether the oldest trace has to go. */
  #isOverLimits(oldest: Trace): boolean {
    const { maxAgeMs, maxTraces, maxHops } = this.#limits;
    return (
      oldest.firstSeenMs < this.#now() - maxAgeMs || this.#traces.size > maxTraces || this.#hopCount > maxHops
    );
  }
}

function sizeOf(trace: Trace): number {
  return trace.hops.length + trace.untagged.length;
}

function bySequence(a: { sequence: number }, b: { sequence: number }): number {
  return a.sequence - b.sequence;
}
