/** The local registry speaks the OCI distribution API: push, pull, tags, deletion, referrers, refusals. */

import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRegistry, type Registry } from '../../src/registry/start-registry.ts';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const directory = mkdtempSync(join(tmpdir(), 'registry-'));
let registry: Registry;
let base: string;

beforeAll(async () => {
  registry = await startRegistry({ directory, port: 0 });
  base = `http://${registry.host}/v2`;
});
afterAll(async () => {
  await registry.close();
  rmSync(directory, { recursive: true, force: true });
});

const digestOf = (content: string): string => `sha256:${createHash('sha256').update(content).digest('hex')}`;

async function pushBlob(repository: string, content: string): Promise<string> {
  const digest = digestOf(content);
  const response = await fetch(`${base}/${repository}/blobs/uploads/?digest=${digest}`, {
    method: 'POST',
    body: content,
  });
  expect(response.status).toBe(201);
  return digest;
}

async function pushManifest(
  repository: string,
  tag: string,
  extra: Record<string, unknown> = {},
): Promise<{ digest: string; response: Response }> {
  const config = await pushBlob(repository, '{}');
  const layer = await pushBlob(repository, 'layer');
  const body = JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: config, size: 2 },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: layer, size: 5 }],
    ...extra,
  });
  const response = await putManifest(repository, tag, body, MANIFEST);
  return { digest: digestOf(body), response };
}

async function putManifest(
  repository: string,
  reference: string,
  body: string,
  type: string,
): Promise<Response> {
  const headers = { 'content-type': type };
  return await fetch(`${base}/${repository}/manifests/${reference}`, { method: 'PUT', headers, body });
}

describe('pushing', () => {
  it('takes a blob in chunks that follow one another', async () => {
    const opened = await fetch(`${base}/acme/chunks/blobs/uploads/`, { method: 'POST' });
    expect(opened.status).toBe(202);
    const url = new URL(opened.headers.get('location') ?? '', base);
    const send = (body: string, range: string): Promise<Response> =>
      fetch(url, { method: 'PATCH', body, headers: { 'content-range': range } });
    expect((await send('hello ', '0-5')).status).toBe(202);
    expect((await send('again', '3-7')).status).toBe(416);
    expect((await fetch(url)).headers.get('range')).toBe('0-5');
    url.searchParams.set('digest', digestOf('hello world'));
    const done = await fetch(url, { method: 'PUT', body: 'world', headers: { 'content-range': '6-10' } });
    expect(done.status).toBe(201);
    const blob = await fetch(`${base}/acme/chunks/blobs/${digestOf('hello world')}`);
    expect(await blob.text()).toBe('hello world');
  });

  it('refuses content that does not have its digest, and keeps nothing of it', async () => {
    const digest = digestOf('something else');
    const url = `${base}/acme/app/blobs/uploads/?digest=${digest}`;
    const response = await fetch(url, { method: 'POST', body: 'content' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ code: 'DIGEST_INVALID' }] });
    expect((await fetch(`${base}/acme/app/blobs/${digest}`, { method: 'HEAD' })).status).toBe(404);
  });

  it('mounts a blob of another repository, and opens an upload when there is none', async () => {
    const digest = await pushBlob('acme/source', 'shared');
    const mount = (from: string): Promise<Response> =>
      fetch(`${base}/acme/target/blobs/uploads/?mount=${digest}&from=${from}`, { method: 'POST' });
    expect((await mount('acme/nothing')).status).toBe(202);
    expect((await fetch(`${base}/acme/target/blobs/${digest}`)).status).toBe(404);
    expect((await mount('acme/source')).status).toBe(201);
    expect(await (await fetch(`${base}/acme/target/blobs/${digest}`)).text()).toBe('shared');
  });

  it('refuses a manifest whose blobs are not there', async () => {
    const missing = digestOf('never pushed');
    const body = JSON.stringify({ schemaVersion: 2, config: { digest: missing }, layers: [] });
    const response = await putManifest('acme/app', 'v1', body, MANIFEST);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ errors: [{ code: 'MANIFEST_BLOB_UNKNOWN' }] });
  });

  it('refuses what is no manifest, names the wrong digest or lies about its type', async () => {
    expect((await putManifest('acme/app', 'v1', 'not json', MANIFEST)).status).toBe(400);
    expect((await putManifest('acme/app', digestOf('x'), '{"schemaVersion":2}', MANIFEST)).status).toBe(400);
    const lie = JSON.stringify({ schemaVersion: 2, mediaType: INDEX });
    expect((await putManifest('acme/app', 'v1', lie, MANIFEST)).status).toBe(400);
  });

  it.each(['../../etc', 'UPPER', 'a//b', '_blobs', 'a/../../b', 'a%2f..%2fb'])(
    'refuses the repository name %s',
    async (name) => {
      const status = await rawStatus('POST', `/v2/${name}/blobs/uploads/?digest=${digestOf('')}`);
      expect([400, 404]).toContain(status);
    },
  );
});

describe('pulling', () => {
  it('gives a manifest by tag and by digest with its type', async () => {
    const { digest, response } = await pushManifest('acme/pull', 'v1');
    expect(response.status).toBe(201);
    for (const reference of ['v1', digest]) {
      const found = await fetch(`${base}/acme/pull/manifests/${reference}`);
      expect(found.headers.get('content-type')).toBe(MANIFEST);
      expect(found.headers.get('docker-content-digest')).toBe(digest);
      expect(digestOf(await found.text())).toBe(digest);
    }
    const head = await fetch(`${base}/acme/pull/manifests/v1`, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect((await fetch(`${base}/acme/pull/manifests/v2`)).status).toBe(404);
  });

  it.each([
    ['bytes=0-3', 206, '0123'],
    ['bytes=7-', 206, '789'],
    ['bytes=-2', 206, '89'],
    ['bytes=5-100', 206, '56789'],
    ['bytes=50-60', 416, undefined],
  ])('serves the range %s', async (range, status, text) => {
    const digest = await pushBlob('acme/ranges', '0123456789');
    const response = await fetch(`${base}/acme/ranges/blobs/${digest}`, { headers: { range } });
    expect(response.status).toBe(status);
    if (text !== undefined) expect(await response.text()).toBe(text);
  });

  it('keeps repositories apart', async () => {
    const { digest } = await pushManifest('acme/one', 'v1');
    expect((await fetch(`${base}/acme/two/manifests/${digest}`)).status).toBe(404);
    expect((await fetch(`${base}/acme/two/blobs/${digestOf('layer')}`)).status).toBe(404);
  });

  it('lists tags in order, page by page', async () => {
    for (const tag of ['v3', 'v1', 'v2']) await pushManifest('acme/tags', tag);
    const first = await fetch(`${base}/acme/tags/tags/list?n=2`);
    expect(await first.json()).toEqual({ name: 'acme/tags', tags: ['v1', 'v2'] });
    const next = /<(.+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await fetch(new URL(next, base));
    expect(await second.json()).toEqual({ name: 'acme/tags', tags: ['v3'] });
    expect(second.headers.get('link')).toBeNull();
    expect((await fetch(`${base}/acme/unknown/tags/list`)).status).toBe(404);
  });

  it('lists what refers to a manifest', async () => {
    const { digest } = await pushManifest('acme/subject', 'v1');
    const { digest: referrer, response } = await pushManifest('acme/subject', 'signature', {
      artifactType: 'application/vnd.acme.signature',
      subject: { mediaType: MANIFEST, digest, size: 1 },
    });
    expect(response.headers.get('oci-subject')).toBe(digest);
    const list = async (query: string): Promise<unknown> =>
      (await fetch(`${base}/acme/subject/referrers/${digest}${query}`)).json();
    expect(await list('')).toMatchObject({
      mediaType: INDEX,
      manifests: [{ digest: referrer, artifactType: 'application/vnd.acme.signature', mediaType: MANIFEST }],
    });
    expect(await list('?artifactType=application/other')).toMatchObject({ manifests: [] });
  });
});

describe('deleting', () => {
  it('deletes a tag alone, and a manifest with its tags', async () => {
    const { digest } = await pushManifest('acme/gone', 'v1');
    await pushManifest('acme/gone', 'v2');
    const remove = async (reference: string): Promise<number> =>
      (await fetch(`${base}/acme/gone/manifests/${reference}`, { method: 'DELETE' })).status;
    expect(await remove('v2')).toBe(202);
    expect((await fetch(`${base}/acme/gone/manifests/v1`)).status).toBe(200);
    expect(await remove(digest)).toBe(202);
    expect((await fetch(`${base}/acme/gone/manifests/v1`)).status).toBe(404);
    expect(await remove(digest)).toBe(404);
  });
});

describe('the registry as a neighbour', () => {
  it('keeps what it acknowledged over a restart', async () => {
    const { digest } = await pushManifest('acme/durable', 'v1');
    const again = await startRegistry({ directory, port: 0 });
    const found = await fetch(`http://${again.host}/v2/acme/durable/manifests/v1`);
    expect(found.headers.get('docker-content-digest')).toBe(digest);
    await again.close();
  });

  it('refuses web pages and foreign names', async () => {
    expect((await fetch(`${base}/`, { headers: { origin: 'https://evil.example' } })).status).toBe(403);
    expect(await rawStatus('GET', '/v2/', { host: 'evil.example' })).toBe(403);
    expect(await rawStatus('GET', '/v2/')).toBe(200);
  });

  it('tells a client that is still sending why it refuses', async () => {
    const body = Buffer.alloc(16 * 1024 * 1024);
    for (const [method, path, status] of [
      ['PUT', '/v2/acme/app/manifests/big', 413],
      ['PATCH', '/v2/acme/app/blobs/uploads/unknown', 404],
    ] as const) {
      expect(await rawStatus(method, path, { connection: 'close', 'content-type': MANIFEST }, body)).toBe(
        status,
      );
    }
  });

  it('says when its port is taken', async () => {
    const port = Number(registry.host.split(':')[1]);
    await expect(startRegistry({ directory, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

/** Sends the path as it is; fetch would clean it first. */
async function rawStatus(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: Buffer,
): Promise<number> {
  const [hostname = '', port = ''] = registry.host.split(':');
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const request = httpRequest({ hostname, port, method, path, headers }, (response) => {
    response.resume();
    resolve(response.statusCode ?? 0);
  });
  request.on('error', reject);
  request.end(body);
  return await promise;
}
