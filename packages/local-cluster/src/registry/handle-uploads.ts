/** Receives blobs: in one request, in chunks, or mounted from another repository. */

import { parseDigest } from './digest.ts';
import { RegistryError } from './registry-error.ts';
import type { RegistryCall } from './registry-call.ts';

/** POST: opens an upload; with `mount` and `from` links an existing blob, with `digest` takes the whole blob at once. */
export async function startUpload(call: RegistryCall): Promise<void> {
  const { query, blobs, repository } = call;
  const mount = query.get('mount');
  if (mount !== null && (await mountBlob(call, mount))) return;
  const digest = query.get('digest');
  const id = await blobs.beginUpload();
  if (digest === null) {
    answerUpload(call, 202, id, 0);
    return;
  }
  await blobs.appendUpload(id, call.request);
  await blobs.finishUpload(id, repository, parseDigest(digest));
  answerCreated(call, digest);
}

/** PATCH: one chunk; `Content-Range: <first>-<last>` must follow what is there. */
export async function patchUpload(call: RegistryCall): Promise<void> {
  const size = await call.blobs.appendUpload(call.reference, call.request, startOfChunk(call));
  answerUpload(call, 202, call.reference, size);
}

/** PUT: the last chunk, possibly empty, and the digest of the whole. */
export async function finishUpload(call: RegistryCall): Promise<void> {
  const digest = parseDigest(call.query.get('digest') ?? '');
  await call.blobs.appendUpload(call.reference, call.request, startOfChunk(call));
  await call.blobs.finishUpload(call.reference, call.repository, digest);
  answerCreated(call, digest.text);
}

/** GET: how much has arrived. */
export async function getUpload(call: RegistryCall): Promise<void> {
  answerUpload(call, 204, call.reference, await call.blobs.uploadSize(call.reference));
}

/** DELETE: forgets the upload. */
export async function cancelUpload(call: RegistryCall): Promise<void> {
  await call.blobs.cancelUpload(call.reference);
  call.response.writeHead(204).end();
}

async function mountBlob(call: RegistryCall, mount: string): Promise<boolean> {
  const from = call.query.get('from');
  const mounted = from !== null && (await call.blobs.mount(from, call.repository, parseDigest(mount)));
  if (mounted) answerCreated(call, mount);
  return mounted;
}

function startOfChunk(call: RegistryCall): number | undefined {
  const header = call.request.headers['content-range'];
  if (header === undefined) return undefined;
  const match = /^(?:bytes )?(\d+)-(\d+)(?:\/.*)?$/.exec(header);
  if (match === null) throw new RegistryError('RANGE_INVALID', 'Content-Range is not <first>-<last>');
  return Number(match[1]);
}

function answerUpload(call: RegistryCall, status: number, id: string, size: number): void {
  call.response
    .writeHead(status, {
      location: `/v2/${call.repository}/blobs/uploads/${id}`,
      range: `0-${Math.max(0, size - 1)}`,
      'docker-upload-uuid': id,
      'content-length': 0,
    })
    .end();
}

function answerCreated(call: RegistryCall, digest: string): void {
  call.response
    .writeHead(201, {
      location: `/v2/${call.repository}/blobs/${digest}`,
      'docker-content-digest': digest,
      'content-length': 0,
    })
    .end();
}
