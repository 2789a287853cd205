/** What an open store offers. */

import type { DeliveryStore } from './delivery-store.ts';
import type { RunStore } from './run-store.ts';

/** One open database. Every method rejects with a `StoreError` when the database refuses or is away. */
export interface Store extends AsyncDisposable {
  readonly deliveries: DeliveryStore;
  readonly runs: RunStore;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  /** Finishes what is in flight and lets go of the database. */
  close(): Promise<void>;
}
