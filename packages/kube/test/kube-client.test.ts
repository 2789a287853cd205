import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createKubeClient, KubeError, kinds, KubeUnreachableError, retryOnConflict } from '../src/index.ts';
import { gather } from '../src/testing/gather.ts';
import { startFakeApiServer } from '../src/testing/index.ts';

const MAPS = '/api/v1/namespaces/apps/configmaps';

describe('a resource client', () => {
  it('answers undefined for an object that is not there, and false for deleting it', async () => {
    await using server = await startFakeApiServer();
    await using client = createKubeClient(server.config);
    const maps = client.resource(kinds.configmaps, 'apps');
    expect(await maps.get('ghost')).toBeUndefined();
    expect(await maps.delete('ghost')).toBe(false);
  });

  it('creates, reads, patches, replaces and deletes', async () => {
    await using server = await startFakeApiServer();
    await using client = createKubeClient(server.config);
    const maps = client.resource(kinds.configmaps, 'apps');
    const created = await maps.create({ metadata: { name: 'm' }, data: { a: '1' } });
    expect(created).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1', metadata: { namespace: 'apps' } });
    await maps.patch('m', { data: { b: '2' } }, { type: 'merge' });
    const patched = await maps.get('m');
    expect(patched?.data).toEqual({ a: '1', b: '2' });
    await maps.replace({ ...patched, data: { c: '3' } });
    expect((await maps.get('m'))?.data).toEqual({ c: '3' });
    expect(await maps.delete('m')).toBe(true);
    expect(server.get(MAPS, 'm')).toBeUndefined();
  });

  it('says who was faster: replacing an old version is a Conflict', async () => {
    await using server = await startFakeApiServer();
    await using client = createKubeClient(server.config);
    const maps = client.resource(kinds.configmaps, 'apps');
    const old = await maps.create({ metadata: { name: 'm' } });
    await maps.patch('m', { data: { a: '1' } }, { type: 'merge' });
    const failure = await maps.replace(old).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(KubeError);
    expect(failure).toMatchObject({ status: 409, reason: 'Conflict' });
  });

  it('sends each kind of patch with its own content type, and apply with its manager', async () => {
    await using server = await startFakeApiServer();
    await using client = createKubeClient(server.config);
    const maps = client.resource(kinds.configmaps, 'apps');
    await maps.apply({ metadata: { name: 'm' } }, { fieldManager: 'me', force: true });
    for (const type of ['merge', 'json', 'strategic'] as const) await maps.patch('m', {}, { type });
    expect(server.requests.map(({ headers }) => headers['content-type'])).toEqual([
      'application/apply-patch+yaml',
      'application/merge-patch+json',
      'application/json-patch+json',
      'application/strategic-merge-patch+json',
    ]);
    expect(server.requests[0]?.query.toString()).toBe('fieldManager=me&force=true');
    expect(server.requests[0]?.body).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' });
  });

  it('deletes only the object with the uid that was meant', async () => {
    await using server = await startFakeApiServer();
    await using client = createKubeClient(server.config);
    const maps = client.resource(kinds.configmaps, 'apps');
    await maps.create({ metadata: { name: 'm' } });
    await expect(maps.delete('m', { uid: 'another' })).rejects.toMatchObject({ reason: 'Conflict' });
    expect(await maps.get('m')).toBeDefined();
  });

  it('deletes what a selector matches and nothing else', async () => {
    await using server = await startFakeApiServer();
    server.put(MAPS, { metadata: { name: 'mine', labels: { run: 'r1' } } });
    server.put(MAPS, { metadata: { name: 'other', labels: { run: 'r2' } } });
    await using client = createKubeClient(server.config);
    const maps = client.resource(kinds.configmaps, 'apps');
    await maps.deleteCollection({ labelSelector: 'run=r1' });
    expect((await maps.list()).items.map(({ metadata }) => metadata?.name)).toEqual(['other']);
  });

  it('lists the whole collection when the snapshot expires between two pages', async () => {
    await using server = await startFakeApiServer();
    for (const name of ['a', 'b', 'c']) server.put(MAPS, { metadata: { name } });
    server.failNext({ status: 410, reason: 'Expired', path: 'continue=' });
    await using client = createKubeClient(server.config);
    const { items } = await client.resource(kinds.configmaps, 'apps').list({ limit: 2 });
    expect(items.map(({ metadata }) => metadata?.name)).toEqual(['a', 'b', 'c']);
  });

  it('refuses single objects of a namespaced kind without a namespace', async () => {
    await using server = await startFakeApiServer();
    await using client = createKubeClient(server.config);
    await expect(client.resource(kinds.pods).get('p')).rejects.toThrow('a Pod needs a namespace');
    expect(server.requests).toEqual([]);
  });

  it('keeps names that look like paths inside their place in the URL', async () => {
    await using server = await startFakeApiServer();
    await using client = createKubeClient(server.config);
    await client.resource(kinds.configmaps, 'apps').get('../../secrets?x=1');
    expect(server.requests[0]?.path).toBe(`${MAPS}/..%2F..%2Fsecrets%3Fx%3D1`);
  });

  it('yields log lines however the bytes are cut', async () => {
    await using server = await startFakeApiServer();
    const pods = '/api/v1/namespaces/apps/pods';
    server.put(pods, { metadata: { name: 'p' } });
    server.setLog(`${pods}/p`, 'eins\r\nzwei ü\n\nlast');
    await using client = createKubeClient(server.config);
    const lines = await gather(client.resource(kinds.pods, 'apps').logs('p', { tailLines: 5 }));
    expect(lines).toEqual(['eins', 'zwei ü', '', 'last']);
    expect(server.requests[0]?.query.get('tailLines')).toBe('5');
  });

  it('throws 410 from a watch whose version is too old', async () => {
    await using server = await startFakeApiServer();
    server.compact();
    await using client = createKubeClient(server.config);
    const watch = client.resource(kinds.pods).watch({ resourceVersion: '1' });
    await expect(gather(watch)).rejects.toMatchObject({ status: 410, reason: 'Expired' });
  });

  it('ends the request when the reader leaves the watch', async () => {
    await using server = await startFakeApiServer();
    await using client = createKubeClient(server.config);
    const maps = client.resource(kinds.configmaps, 'apps');
    server.put(MAPS, { metadata: { name: 'm' } });
    for await (const event of maps.watch({ resourceVersion: '1' })) {
      expect(event.type).toBe('ADDED');
      break;
    }
    await expect.poll(() => server.openWatches, { timeout: 30_000 }).toBe(0);
  });
});

describe('trouble with the API', () => {
  it('is a KubeUnreachableError with the code of the system when nobody listens', async () => {
    const server = await startFakeApiServer();
    await server[Symbol.asyncDispose]();
    await using client = createKubeClient(server.config);
    const failure = await client.getText('/version').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(KubeUnreachableError);
    expect(failure).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('is a KubeError named after the status when a proxy answers in HTML', async () => {
    const proxy = createServer((_request, response) => {
      response.statusCode = 503;
      response.end('<h1>down</h1>');
    });
    await new Promise<void>((resolve) => {
      proxy.listen(0, '127.0.0.1', resolve);
    });
    const address: AddressInfo | string | null = proxy.address();
    const port = address === null || typeof address === 'string' ? 0 : address.port;
    await using server = await startFakeApiServer();
    await using client = createKubeClient({ ...server.config, server: `http://127.0.0.1:${port}/` });
    await expect(client.getText('/version')).rejects.toMatchObject({ reason: 'ServiceUnavailable' });
    proxy.close();
  });

  it('is waited for when the server is too busy, but not for ever', async () => {
    await using server = await startFakeApiServer();
    await using client = createKubeClient(server.config);
    const busy = { status: 429, reason: 'TooManyRequests' };
    server.failNext(busy);
    expect(await client.getText('/version')).toContain('gitVersion');
    for (let index = 0; index < 6; index += 1) server.failNext(busy);
    await expect(client.getText('/version')).rejects.toMatchObject({ status: 429 });
    expect(server.requests.length).toBe(8);
  });

  it('keeps the reason of an abort', async () => {
    await using server = await startFakeApiServer();
    await using client = createKubeClient(server.config);
    const reason = new Error('enough');
    await expect(client.getText('/version', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('gives up an exchange that takes longer than its limit', async () => {
    await using server = await startFakeApiServer();
    await using client = createKubeClient(server.config, { requestTimeoutMs: 20 });
    // A watch answers its headers and then nothing: read as a plain text it never ends.
    await expect(client.getText('/api/v1/pods?watch=true')).rejects.toBeInstanceOf(KubeUnreachableError);
  });
});

describe('retryOnConflict', () => {
  it('tries again only for Conflict, and gives the last one up', async () => {
    await using server = await startFakeApiServer();
    server.put(MAPS, { metadata: { name: 'm' } });
    await using client = createKubeClient(server.config);
    const maps = client.resource(kinds.configmaps, 'apps');
    server.failNext({ status: 409, reason: 'Conflict' });
    server.failNext({ status: 409, reason: 'Conflict' });
    expect(await retryOnConflict(() => maps.get('m'))).toBeDefined();
    expect(server.requests.length).toBe(3);
    server.failNext({ status: 403, reason: 'Forbidden' });
    await expect(retryOnConflict(() => maps.get('m'))).rejects.toMatchObject({ reason: 'Forbidden' });
    for (let index = 0; index < 2; index += 1) server.failNext({ status: 409, reason: 'Conflict' });
    await expect(retryOnConflict(() => maps.get('m'), { attempts: 2 })).rejects.toMatchObject({
      reason: 'Conflict',
    });
  });
});
