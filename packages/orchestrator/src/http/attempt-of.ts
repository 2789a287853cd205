/** attemptOf: the number that makes the name of a requested run its own. */

import type { FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';

/**
 * Another one for each request; with an `Idempotency-Key` always the same, so that a request which is sent again after
 * the service died in the middle of the first makes no second run.
 */
export function attemptOf({ idempotencyKey }: FastifyRequest): number {
  if (idempotencyKey === undefined) return Date.now();
  const text = JSON.stringify([idempotencyKey.caller, idempotencyKey.key]);
  return createHash('sha256').update(text).digest().readUIntBE(0, 6);
}
