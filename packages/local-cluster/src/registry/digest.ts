/** Content digests as the OCI image spec writes them: `sha256:<64 hex>` or `sha512:<128 hex>`. */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { RegistryError } from './registry-error.ts';

export interface Digest {
  readonly algorithm: 'sha256' | 'sha512';
  readonly hex: string;
  readonly text: string;
}

/** True for the text of a digest; a tag never looks like one. */
export function isDigest(text: string): boolean {
  return /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/.test(text);
}

/** Takes a digest apart; throws DIGEST_INVALID. */
export function parseDigest(text: string): Digest {
  if (!isDigest(text)) throw new RegistryError('DIGEST_INVALID', 'not a sha256 or sha512 digest');
  const hex = text.slice(text.indexOf(':') + 1);
  return { algorithm: text.startsWith('sha256') ? 'sha256' : 'sha512', hex, text };
}

/** Throws DIGEST_INVALID unless `content` has this digest. */
export function assertContentDigest(content: Buffer, digest: Digest): void {
  assertHex(createHash(digest.algorithm).update(content).digest('hex'), digest);
}

/** Throws DIGEST_INVALID unless the file's content has this digest. */
export async function assertFileDigest(file: string, digest: Digest): Promise<void> {
  const hash = createHash(digest.algorithm);
  await pipeline(createReadStream(file), hash);
  assertHex(hash.digest('hex'), digest);
}

function assertHex(actual: string, digest: Digest): void {
  if (actual !== digest.hex)
    throw new RegistryError('DIGEST_INVALID', `the content does not have the digest ${digest.text}`);
}
