/** Deliveries: what a forge told us, what was decided, and how far the work on it is. Times are epoch milliseconds. */

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
  readonly body: Uint8Array;
  readonly state: 'pending' | 'ignored';
  /** JSON text; the store does not look inside. */
  readonly decision: string;
  readonly reason?: string;
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

export interface DeliveryStore {
  /**
   * Durable before it resolves; concurrent inserts share a commit. An id that was ignored before is decided anew:
   * a redelivery after a mended configuration counts.
   */
  insert(delivery: NewDelivery): Promise<InsertOutcome>;
  get(key: DeliveryKey): Promise<Delivery | undefined>;
  /** Oldest first; never a delivery whose subject has an older one that is not finished. */
  claim(request: ClaimRequest): Promise<readonly ClaimedDelivery[]>;
  /** The work is done; concurrent calls share a commit. */
  finish(key: DeliveryKey): Promise<void>;
  /** The work can never be done; `reason` says why. */
  fail(key: DeliveryKey, reason: string): Promise<void>;
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
  list(query: { readonly limit: number; readonly state?: DeliveryState }): Promise<readonly Delivery[]>;
}
