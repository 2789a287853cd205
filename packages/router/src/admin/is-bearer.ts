/** Checks a bearer token (RFC 6750) in constant time. */
import { createHash, timingSafeEqual } from 'node:crypto';

/** True when `authorization` is `Bearer <token>`. Digests are compared, so that not even the length shows. */
export function isBearer(authorization: string | undefined, token: string): boolean {
  const given = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  return given !== undefined && token !== '' && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
