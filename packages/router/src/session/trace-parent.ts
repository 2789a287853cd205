/** Reads and makes the `traceparent` header of W3C Trace Context (https://www.w3.org/TR/trace-context/). */
import { randomBytes } from 'node:crypto';

const TRACE_PARENT =
  /^(?<version>[0-9a-f]{2})-(?<traceId>[0-9a-f]{32})-(?<parentId>[0-9a-f]{16})-[0-9a-f]{2}(?<rest>-.*)?$/;

/** The trace id (32 hex digits), or undefined when the header is not a valid traceparent. */
export function traceIdOf(header: string | undefined): string | undefined {
  const found = TRACE_PARENT.exec(header ?? '')?.groups;
  if (found === undefined) return undefined;
  const { version, traceId, parentId, rest } = found;
  // Later versions may say more behind the flags; version 00 may not, and ff is forbidden.
  const isKnownForm = version !== 'ff' && (version !== '00' || rest === undefined);
  return isKnownForm && !isZero(traceId) && !isZero(parentId) ? traceId : undefined;
}

/** A new traceparent, sampled, with the trace id apart. */
export function createTraceParent(): { readonly traceId: string; readonly header: string } {
  const ids = randomBytes(24).toString('hex');
  const traceId = ids.slice(0, 32);
  return { traceId, header: `00-${traceId}-${ids.slice(32)}-01` };
}

function isZero(hex = ''): boolean {
  return /^0*$/.test(hex);
}
