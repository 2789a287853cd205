/** Serves, stores and deletes manifests; lists tags and referrers. */

import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { assertContentDigest, isDigest, parseDigest } from './digest.ts';
import { RegistryError } from './registry-error.ts';
import type { RegistryCall } from './registry-call.ts';

const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';

/** GET and HEAD by tag or digest. */
export async function getManifest(call: RegistryCall): Promise<void> {
  const { digest, mediaType, content } = await call.manifests.get(call.repository, call.reference);
  call.response.writeHead(200, {
    'content-type': mediaType,
    'content-length': content.length,
    'docker-content-digest': digest.text,
    etag: `"${digest.text}"`,
  });
  call.response.end(call.request.method === 'HEAD' ? undefined : content);
}

/** PUT by tag or by the digest of the body. */
export async function putManifest(call: RegistryCall): Promise<void> {
  const content = await readBody(call.request, MAX_MANIFEST_BYTES);
  const byDigest = isDigest(call.reference);
  const digest = parseDigest(
    byDigest ? call.reference : `sha256:${createHash('sha256').update(content).digest('hex')}`,
  );
  assertContentDigest(content, digest);
  const mediaType = (call.request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  if (mediaType === '') throw new RegistryError('MANIFEST_INVALID', 'the Content-Type is missing');
  const manifest = { digest, mediaType, content };
  const subject = await call.manifests.put(call.repository, manifest, byDigest ? undefined : call.reference);
  call.response
    .writeHead(201, {
      location: `/v2/${call.repository}/manifests/${digest.text}`,
      'docker-content-digest': digest.text,
      'content-length': 0,
      ...(subject === undefined ? {} : { 'oci-subject': subject }),
    })
    .end();
}

/** DELETE of a tag, or of a manifest by digest. */
export async function deleteManifest(call: RegistryCall): Promise<void> {
  await call.manifests.remove(call.repository, call.reference);
  call.response.writeHead(202).end();
}

/** Tags in lexical order, `n` at a time after `last`. */
export async function getTags(call: RegistryCall): Promise<void> {
  const { query, repository, response } = call;
  const last = query.get('last') ?? '';
  const after = (await call.manifests.listTags(repository)).filter((tag) => tag > last);
  const wanted = query.get('n');
  const limit = wanted !== null && /^\d+$/.test(wanted) ? Number(wanted) : after.length;
  const tags = after.slice(0, limit);
  const next = tags.length < after.length && tags.length > 0 ? tags.at(-1) : undefined;
  if (next !== undefined) {
    response.setHeader(
      'link',
      `</v2/${repository}/tags/list?n=${limit}&last=${encodeURIComponent(next)}>; rel="next"`,
    );
  }
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify({ name: repository, tags }));
}

/** An index of the manifests that refer to a digest, possibly of one artifact type. */
export async function getReferrers(call: RegistryCall): Promise<void> {
  const all = await call.manifests.listReferrers(call.repository, parseDigest(call.reference));
  const type = call.query.get('artifactType');
  const manifests = type === null ? all : all.filter((each) => each['artifactType'] === type);
  call.response.writeHead(200, {
    'content-type': INDEX_TYPE,
    ...(type === null ? {} : { 'oci-filters-applied': 'artifactType' }),
  });
  call.response.end(JSON.stringify({ schemaVersion: 2, mediaType: INDEX_TYPE, manifests }));
}

async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // What is too large is refused, not cut off: the rest is read before the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > maxBytes) throw new RegistryError('SIZE_INVALID', `a manifest has at most ${maxBytes} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
