/** ForgeError: what every call to a forge rejects with. */

/** `invalid`: the forge understood and refused; asking again gives the same. `unavailable`: worth another try. */
export type ForgeErrorReason =
  'not-found' | 'forbidden' | 'unauthorized' | 'rate-limited' | 'unavailable' | 'invalid';

export class ForgeError extends Error {
  readonly reason: ForgeErrorReason;
  /** Epoch milliseconds before which asking again is no use. */
  readonly retryAtMs: number | undefined;

  /** `message` must hold no credentials. */
  constructor(reason: ForgeErrorReason, message: string, retryAtMs?: number) {
    super(message);
    this.name = 'ForgeError';
    this.reason = reason;
    this.retryAtMs = retryAtMs;
  }
}
