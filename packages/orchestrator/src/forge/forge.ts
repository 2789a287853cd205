/** Forge: how one kind of forge speaks in webhooks. Pure: headers and bytes in, values out. */

import type { Result } from '@tekton-dag/model';
import type { Secret } from '../secret.ts';
import type { ForgeEvent } from './forge-event.ts';
import type { PayloadProblem } from './payload-problem.ts';

export const FORGE_KINDS = ['github', 'gitea'] as const;
export type ForgeKind = (typeof FORGE_KINDS)[number];

/** Names are lower case, as node gives them. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** `id` and `event` are what the forge calls this delivery; `kept` is stored with it, to explain it later. */
export interface DeliveryHeaders {
  readonly id: string;
  readonly event: string;
  readonly kept: Readonly<Record<string, string>>;
}

export interface Forge {
  readonly kind: ForgeKind;
  signatureOf(headers: RequestHeaders): string | undefined;
  readHeaders(headers: RequestHeaders): Result<DeliveryHeaders, PayloadProblem>;
  /** True when `signature` was made over `body` with one of `secrets`; takes the same time whichever fits. */
  verify(body: Uint8Array, signature: string | undefined, secrets: readonly Secret[]): boolean;
  /** `event` is the forge's name of it; `body` the verified bytes. */
  parse(event: string, body: Uint8Array): Result<ForgeEvent, PayloadProblem>;
}
