/** What a forge told us, in words that every forge shares. */

import type { Change } from './change.ts';

/**
 * `updated`: there is something to test, with `action` as the forge names it. `merged` and `closed` end a pull
 * request. `ignored` needs no work, whatever the configuration.
 */
export type ForgeEvent =
  | {
      readonly kind: 'updated';
      readonly action: 'opened' | 'synchronize' | 'reopened';
      readonly change: Change;
    }
  | { readonly kind: 'merged'; readonly action: 'closed'; readonly change: Change; readonly mergeSha: string }
  | { readonly kind: 'closed'; readonly action: 'closed'; readonly change: Change }
  | { readonly kind: 'ignored'; readonly reason: 'event' | 'action'; readonly detail: string };
