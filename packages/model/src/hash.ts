/** Hashes of structured values: the source of every derived name. */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** Crockford's base 32 in lower case: no letter that looks like a digit. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** Hex SHA-256 of a JSON text; a list keeps its parts apart, so no two lists share a text. */
export function hashHex(value: unknown): string {
  return bytesToHex(digest(value));
}

/** The first `length` characters of the SHA-256 in base 32; safe in DNS labels. At most 32 characters. */
export function hashBase32(value: unknown, length: number): string {
  const bytes = digest(value);
  let text = '';
  for (let index = 0; index < length; index += 1) text += ALPHABET.charAt((bytes[index] ?? 0) % 32);
  return text;
}

function digest(value: unknown): Uint8Array {
  return sha256(utf8ToBytes(JSON.stringify(canonical(value))));
}

/** Objects with sorted keys, so that equal values have equal texts. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, part]) => [key, canonical(part)]);
}
