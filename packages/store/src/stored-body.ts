/** StoredBody: a delivery's body as it is kept; payloads are JSON and shrink to a tenth, and so do the writes of a commit. */

import { hash } from 'node:crypto';
import { constants, deflateSync, inflateSync } from 'node:zlib';

/** What `packBody` is called in the SQL of SQLite. */
export const PACK_BODY = 'pack_body';

/** Bytes of output at a time: a payload of 20 KB packs into half of it. */
const CHUNK_BYTES = 4 * 1024;

/** What zlib keeps of its state: with less than its default it begins faster, and packs payloads as well. */
const MEMORY_LEVEL = 4;

/**
 * zlib format (RFC 1950) at the fastest level: about 30 us for a payload of 20 KB; nothing for nothing. A copy of the exact
 * size: zlib answers with a view of a larger buffer, which would live as long.
 */
export function packBody(body: Uint8Array): Uint8Array {
  if (body.length === 0) return body;
  const options = { level: constants.Z_BEST_SPEED, memLevel: MEMORY_LEVEL, chunkSize: CHUNK_BYTES };
  return new Uint8Array(deflateSync(body, options));
}

/** The bytes that came in. */
export const unpackBody = (stored: Uint8Array): Uint8Array =>
  stored.length === 0 ? stored : inflateSync(stored);

/** Tells two bodies apart also when neither is kept any more: SHA-256, base64url. */
export const hashBody = (body: Uint8Array): string => hash('sha256', body, 'base64url');
