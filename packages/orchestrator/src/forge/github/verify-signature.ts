/** GitHub's webhook signature: HMAC-SHA256 over the raw bytes of the body (GitHub docs, "Validating webhook deliveries"). */

import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../../secret.ts';

const SIGNATURE = /^sha256=([0-9a-f]{64})$/;

/**
 * True when `signature` (header `X-Hub-Signature-256`) was made with one of `secrets`. Every secret is tried and
 * every comparison takes the same time, so an answer tells nothing about which one was close.
 */
export function verifySignature(
  body: Uint8Array,
  signature: string | undefined,
  secrets: readonly Secret[],
): boolean {
  const hex = SIGNATURE.exec(signature ?? '')?.[1];
  if (hex === undefined) return false;
  const given = Buffer.from(hex, 'hex');
  const matches = secrets.map((secret) =>
    timingSafeEqual(createHmac('sha256', secret.reveal()).update(body).digest(), given),
  );
  return matches.includes(true);
}
