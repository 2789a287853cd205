/** Serves and deletes blobs, whole or in ranges (RFC 9110, "Range Requests"). */

import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { parseDigest } from './digest.ts';
import { RegistryError } from './registry-error.ts';
import type { RegistryCall } from './registry-call.ts';

/** GET and HEAD of a blob. */
export async function getBlob(call: RegistryCall): Promise<void> {
  const { request, response } = call;
  const digest = parseDigest(call.reference);
  const blob = await call.blobs.find(call.repository, digest);
  if (blob === undefined) throw new RegistryError('BLOB_UNKNOWN', 'no such blob');
  const range = parseRange(request.headers.range, blob.size);
  const [start, end] = range ?? [0, blob.size - 1];
  response.writeHead(range === undefined ? 200 : 206, {
    'content-type': 'application/octet-stream',
    'content-length': end - start + 1,
    'docker-content-digest': digest.text,
    'accept-ranges': 'bytes',
    etag: `"${digest.text}"`,
    ...(range === undefined ? {} : { 'content-range': `bytes ${start}-${end}/${blob.size}` }),
  });
  if (request.method === 'HEAD' || blob.size === 0) response.end();
  else await pipeline(createReadStream(blob.path, { start, end }), response);
}

/** Takes a blob out of the repository. */
export async function deleteBlob(call: RegistryCall): Promise<void> {
  const removed = await call.blobs.remove(call.repository, parseDigest(call.reference));
  if (!removed) throw new RegistryError('BLOB_UNKNOWN', 'no such blob');
  call.response.writeHead(202).end();
}

/** The first and last byte asked for; undefined for the whole, also when the header has several ranges. */
export function parseRange(header: string | undefined, size: number): readonly [number, number] | undefined {
  const suffix = /^bytes=-(\d+)$/.exec(header ?? '');
  if (suffix !== null) return assertRange(Math.max(0, size - Number(suffix[1])), size - 1, size);
  const match = /^bytes=(\d+)-(\d*)$/.exec(header ?? '');
  if (match === null) return undefined;
  const end = match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  return assertRange(Number(match[1]), end, size);
}

function assertRange(start: number, end: number, size: number): readonly [number, number] {
  if (start > end) throw new RegistryError('RANGE_INVALID', `the blob has ${size} bytes`);
  return [start, end];
}
