/** appendLayer: an image of a registry with one layer more, under another tag (OCI distribution specification 1.1). */

import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { z } from 'zod';

const descriptor = z.looseObject({ mediaType: z.string(), digest: z.string(), size: z.number() });
const manifestSchema = z.looseObject({
  mediaType: z.string().default('application/vnd.oci.image.manifest.v1+json'),
  config: descriptor,
  layers: z.array(descriptor),
});
const configSchema = z.looseObject({
  rootfs: z.looseObject({ diff_ids: z.array(z.string()) }),
  history: z.array(z.unknown()).default([]),
});

const ACCEPT =
  'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json';
const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

async function send(url: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${url}: HTTP ${response.status}`);
  return response;
}

async function pushBlob(repository: string, bytes: Buffer): Promise<{ digest: string; size: number }> {
  const digest = digestOf(bytes);
  const started = await send(`${repository}/blobs/uploads/`, { method: 'POST' });
  const location = new URL(started.headers.get('location') ?? '', repository);
  location.searchParams.set('digest', digest);
  const headers = { 'content-type': 'application/octet-stream' };
  await send(location.href, { method: 'PUT', body: new Uint8Array(bytes), headers });
  return { digest, size: bytes.length };
}

/** `image` is `host:port/repository`, with tag or digest, of a registry over plain HTTP; returns the new image's reference. */
export async function appendLayer(image: string, layer: Buffer, tag: string): Promise<string> {
  const [, host = '', name = '', tagged = '', digest = tagged] =
    /^([^/]+)\/([^:@]+)(?::([^@]+))?(?:@(.+))?$/.exec(image) ?? [];
  const repository = `http://${host}/v2/${name}`;
  const manifest = manifestSchema.parse(
    await (await send(`${repository}/manifests/${digest}`, { headers: { accept: ACCEPT } })).json(),
  );
  const config = configSchema.parse(
    await (await send(`${repository}/blobs/${manifest.config.digest}`)).json(),
  );
  config.rootfs.diff_ids.push(digestOf(layer));
  config.history.push({ created_by: 'stand-ins of the tests' });
  const pushedLayer = await pushBlob(repository, gzipSync(layer));
  const pushedConfig = await pushBlob(repository, Buffer.from(JSON.stringify(config)));
  const layerType = manifest.mediaType.includes('docker')
    ? 'application/vnd.docker.image.rootfs.diff.tar.gzip'
    : 'application/vnd.oci.image.layer.v1.tar+gzip';
  const appended = {
    ...manifest,
    config: { ...manifest.config, ...pushedConfig },
    layers: [...manifest.layers, { mediaType: layerType, ...pushedLayer }],
  };
  const headers = { 'content-type': manifest.mediaType };
  await send(`${repository}/manifests/${tag}`, { method: 'PUT', body: JSON.stringify(appended), headers });
  return `${host}/${name}:${tag}`;
}
