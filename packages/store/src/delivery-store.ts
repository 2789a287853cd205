/** Deliveries: what a forge told us, what was decided, and how far the work on it is. Times are epoch milliseconds. */

import type { Page, PageRequest, TeamScope } from './page.ts';

/** `host` is the forge's host, `id` the forge's delivery id. */
export interface DeliveryKey {
  readonly host: string;
  readonly id: string;
}

/** `ignored` was decided when it arrived; `failed` is a decision that could not be carried out, ever. */
export type DeliveryState = 'pending' | 'claimed' | 'done' | 'failed' | 'ignored';

export interface NewDelivery extends DeliveryKey {
  readonly event: string;
  readonly action: string;
  /** `owner/name`, lower case; empty where the event has none. */
  readonly repository: string;
  /** Deliveries of one subject (a pull request) are worked one after the other. */
  readonly subject: string;
  /** When the change happened, as the forge tells. */
  readonly occurredAtMs: number;
  readonly receivedAtMs: number;
  readonly headers: Readonly<Record<string, string>>;
  /** What came in, whole: a hash of it tells a duplicate from another body under the same id. */
  readonly body: Uint8Array;
  /** Whether the body itself is stored; default: where there is work to do. */
  readonly keepBody?: boolean;
  readonly state: 'pending' | 'ignored';
  /** JSON text; the store does not look inside. */
  readonly decision: string;
  readonly reason?: string;
  /** Teams that it concerns; callers of other teams do not see it. Default none. */
  readonly teams?: readonly string[];
  /** Kind of forge; default `github`. */
  readonly forge?: string;
  /** W3C trace context (`traceparent`) that the work belongs to. */
  readonly traceparent?: string;
  /** Which secret it was signed with; empty for the one without a name. */
  readonly secretName?: string;
  /** It never arrived: it was fetched from the forge later. */
  readonly gapFilled?: boolean;
}

/** A delivery without its body. */
export interface Delivery extends DeliveryKey {
  readonly seq: number;
  readonly event: string;
  readonly action: string;
  readonly repository: string;
  readonly subject: string;
  readonly occurredAtMs: number;
  readonly receivedAtMs: number;
  readonly state: DeliveryState;
  readonly decision: string;
  readonly reason: string | undefined;
  readonly attempts: number;
  readonly finishedAtMs: number | undefined;
  readonly teams: readonly string[];
  readonly forge: string;
  /** Empty where there is none. */
  readonly traceparent: string;
  readonly secretName: string;
  readonly gapFilled: boolean;
  /** JSON text of what the work did; the store does not look inside. */
  readonly outcome: string | undefined;
  /** Whether `readPayload` has something. */
  readonly hasPayload: boolean;
}

/** What came in, as it came in. */
export interface DeliveryPayload {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface DeliveryQuery extends PageRequest, TeamScope {
  readonly states?: readonly DeliveryState[];
  readonly host?: string;
  /** Letter case does not count. */
  readonly repository?: string;
  readonly event?: string;
  /** Received at or after. */
  readonly sinceMs?: number;
  /** Received before. */
  readonly untilMs?: number;
}

/** A delivery that this process may work on until its lease ends. */
export type ClaimedDelivery = Delivery;

/**
 * `inserted`: it is on the disk. `duplicate`: the same id with the same body came before; `stored` says what was
 * decided then. `conflict`: the id came before with another body.
 */
export type InsertOutcome =
  | { readonly kind: 'inserted' }
  | { readonly kind: 'duplicate'; readonly stored: Delivery }
  | { readonly kind: 'conflict'; readonly stored: Delivery };

export interface ClaimRequest {
  /** Who claims; another owner may take over when the lease has ended. */
  readonly owner: string;
  readonly nowMs: number;
  readonly leaseMs: number;
  readonly limit: number;
}

export interface RetryRequest {
  readonly notBeforeMs: number;
  readonly reason: string;
}

/** How many deliveries wait, and since when the oldest does. */
export interface QueueDepth {
  readonly depth: number;
  readonly oldestReceivedAtMs: number | undefined;
}

export interface ReceivedRange {
  readonly oldestMs: number;
  readonly newestMs: number;
}

export interface DeliveryStore {
  /**
   * Durable before it resolves; concurrent inserts share a commit. An id that was ignored before is decided anew:
   * a redelivery after a mended configuration counts.
   */
  insert(delivery: NewDelivery): Promise<InsertOutcome>;
  get(key: DeliveryKey): Promise<Delivery | undefined>;
  /** Undefined where the delivery is unknown, was ignored without its body, or is older than payloads are kept. */
  readPayload(key: DeliveryKey): Promise<DeliveryPayload | undefined>;
  /** Those of `keys` that are stored, in whatever state. */
  findKnown(keys: readonly DeliveryKey[]): Promise<readonly DeliveryKey[]>;
  /** Oldest first; never a delivery whose subject has an older one that is not finished. */
  claim(request: ClaimRequest): Promise<readonly ClaimedDelivery[]>;
  /** The work is done, `outcome` (JSON text) is what it did; concurrent calls share a commit. */
  finish(key: DeliveryKey, outcome?: string): Promise<void>;
  /** The work can never be done; `reason` says why. */
  fail(key: DeliveryKey, reason: string, outcome?: string): Promise<void>;
  /** Back to the queue. */
  retry(key: DeliveryKey, request: RetryRequest): Promise<void>;
  /** Gives back what `owner` had claimed when it died; tells how many. */
  releaseClaims(owner: string): Promise<number>;
  /** True when a later delivery of one of `actions` for the same subject was accepted. */
  hasNewer(
    delivery: Pick<Delivery, 'subject' | 'occurredAtMs' | 'seq'>,
    actions: readonly string[],
  ): Promise<boolean>;
  queueDepth(): Promise<QueueDepth>;
  /** Newest first. */
  list(query: DeliveryQuery): Promise<Page<Delivery>>;
  /** Newest first by the forge's time. */
  listOfSubject(subject: string, limit: number): Promise<readonly Delivery[]>;
  /** When the newest and the oldest stored delivery came in; of one host or of all. */
  receivedRange(host?: string): Promise<ReceivedRange | undefined>;
  /**
   * Deletes finished deliveries that arrived before, and the oldest finished ones above `keepAtMost` deliveries; at most
   * `limit` (default 500). Tells how many.
   */
  prune(query: {
    readonly olderThanMs: number;
    readonly keepAtMost?: number;
    readonly limit?: number;
  }): Promise<number>;
  /** Drops the payloads of finished deliveries that arrived before; at most `limit` (default 500). Tells how many. */
  prunePayloads(query: { readonly olderThanMs: number; readonly limit?: number }): Promise<number>;
}
