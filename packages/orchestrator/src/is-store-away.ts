/** isStoreAway: whether the database did not answer, so that nobody knows whether it did what it was asked. */

import { StoreError } from '@tekton-dag/store';

/** False for what it refuses, now and the next time. */
export function isStoreAway(error: unknown): boolean {
  return error instanceof StoreError && ['STORE_UNAVAILABLE', 'STORE_TIMEOUT'].includes(error.code);
}
