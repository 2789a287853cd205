/** Idempotency keys: a request that is sent again gets the first one's answer. Times are epoch milliseconds. */

export interface IdempotencyKey {
  /** Keys of different callers never meet. */
  readonly caller: string;
  readonly key: string;
}

/** An answer as it is sent again. */
export interface KeptAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * `new`: the caller of `begin` does the work, then `complete` or `abandon`. `same`: it was done, this is the answer.
 * `in-progress`: another is at it. `different`: the key was used for another request.
 */
export type IdempotencyBegin =
  | { readonly kind: 'new' }
  | { readonly kind: 'same'; readonly answer: KeptAnswer }
  | { readonly kind: 'in-progress' }
  | { readonly kind: 'different' };

export interface IdempotencyStore {
  /** Work that was begun before `staleBeforeMs` and never completed counts as dead: it may begin anew. */
  begin(
    request: IdempotencyKey & {
      readonly requestHash: string;
      readonly nowMs: number;
      readonly staleBeforeMs: number;
    },
  ): Promise<IdempotencyBegin>;
  complete(key: IdempotencyKey, answer: KeptAnswer): Promise<void>;
  /** Forgets a key whose work came to nothing, so that it may be tried again. */
  abandon(key: IdempotencyKey): Promise<void>;
  /** Deletes keys of before; at most `limit` (default 500). Tells how many. */
  prune(query: { readonly olderThanMs: number; readonly limit?: number }): Promise<number>;
}
