/** Forges: the clients of the forges that we may ask. */

import type { ForgeClient } from './forge-client.ts';
import type { ForgeKind } from './forge.ts';

export interface Forges {
  /** Undefined where no credentials for the host are configured. Case does not matter. */
  clientFor(host: string): ForgeClient | undefined;
  /** What runs at the host; undefined where that is not configured. */
  kindOf(host: string): ForgeKind | undefined;
}
