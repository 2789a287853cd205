/** deliveryTraceparent: the trace that the work on a delivery belongs to (W3C Trace Context). */

import { formatTraceparent, parseTraceparent } from '@tekton-dag/model';
import { randomBytes } from 'node:crypto';

/** What the sender told, where that is valid; else a new one. */
export function deliveryTraceparent(header: string | undefined): string {
  const given = parseTraceparent(header ?? '');
  if (given !== undefined) return formatTraceparent(given);
  const bytes = randomBytes(24).toString('hex');
  return formatTraceparent({ traceId: bytes.slice(0, 32), spanId: bytes.slice(32), sampled: true });
}
