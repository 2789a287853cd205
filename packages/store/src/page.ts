/** Page: a part of a long list, and where the next part begins. */

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Give it as `after` to get what follows; undefined at the end. Opaque: callers must not look inside. */
  readonly next: string | undefined;
}

/** Which part of a list is wanted. */
export interface PageRequest {
  readonly limit: number;
  /** `next` of the page before; anything else rejects with `STORE_CURSOR_INVALID`. */
  readonly after?: string | undefined;
}

/** Only what concerns these teams; undefined where everything may be seen, empty where nothing may. */
export interface TeamScope {
  readonly teams?: readonly string[] | undefined;
}
