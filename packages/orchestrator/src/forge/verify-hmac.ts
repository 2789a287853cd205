/** verifyHmac: whether a body was signed with one of our secrets: HMAC-SHA256 over its raw bytes. */

import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../secret.ts';

const SHA256_HEX = /^[0-9a-f]{64}$/;

/**
 * True when `hex` was made with one of `secrets`. Every secret is tried and every comparison takes the same time, so an
 * answer tells nothing about which one was close.
 */
export function verifyHmac(body: Uint8Array, hex: string | undefined, secrets: readonly Secret[]): boolean {
  if (hex === undefined || !SHA256_HEX.test(hex)) return false;
  const given = Buffer.from(hex, 'hex');
  const matches = secrets.map((secret) =>
    timingSafeEqual(createHmac('sha256', secret.reveal()).update(body).digest(), given),
  );
  return matches.includes(true);
}
