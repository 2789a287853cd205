/** deliveryTraceparent: the trace that the work on a delivery belongs to (W3C Trace Context). */

import { formatTraceparent, parseTraceparent } from '@tekton-dag/model';
import { randomUUID } from 'node:crypto';

/** What the sender told, where that is valid; else a new one. */
export function deliveryTraceparent(header: string | undefined): string {
  const given = parseTraceparent(header ?? '');
  if (given !== undefined) return formatTraceparent(given);
  return formatTraceparent({ traceId: randomHex(), spanId: randomHex().slice(0, 16), sampled: true });
}

/** 32 digits. Node makes identifiers a hundred at a time, while random bytes are a call to the system each. */
function randomHex(): string {
  return randomUUID().replaceAll('-', '');
}
