/** IncomingDelivery: what came in, before anything was decided. */

import type { ForgeKind } from '../forge/forge.ts';

export interface IncomingDelivery {
  readonly forge: ForgeKind;
  readonly id: string;
  /** As the forge names it. */
  readonly event: string;
  /** What was signed, or what the forge says that it sent. */
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  readonly receivedAtMs: number;
  /** Name of the secret that signed it; empty for the one without a name. */
  readonly secretName: string;
  readonly traceparent: string;
  /** It never arrived: it was fetched from the forge later. */
  readonly gapFilled: boolean;
}
