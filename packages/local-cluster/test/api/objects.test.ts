/** Objects over HTTP: create, read, replace, optimistic locks, dry runs, unknown fields. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readText } from '../../src/api/kinds/read-field.ts';
import { openTestCluster, type TestCluster } from '../cluster-fixture.ts';

describe('objects', () => {
  let cluster: TestCluster;
  let path: string;
  const configMap = (name: string, data: Record<string, string>, metadata: Record<string, unknown> = {}) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, ...metadata },
    data,
  });
  const create = (body: unknown, query = '') => cluster.request(`${path}${query}`, { method: 'POST', body });

  beforeAll(async () => {
    cluster = await openTestCluster();
    path = `/api/v1/namespaces/${cluster.namespace}/configmaps`;
  });
  afterAll(() => cluster.close());

  it('are made with an identity and can be read back', async () => {
    const created = await create(configMap('a', { x: '1' }));
    expect(created).toMatchObject({ status: 201, body: { kind: 'ConfigMap', data: { x: '1' } } });
    const read = await cluster.request(`${path}/a`);
    expect(read.body).toEqual(created.body);
    expect(readText(read.body, 'metadata', 'uid')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('get a name from generateName', async () => {
    const { body } = await create({ ...configMap('', {}), metadata: { generateName: 'gen-' } });
    expect(readText(body, 'metadata', 'name')).toMatch(/^gen-[a-z0-9]{5}$/);
  });

  it('keep hostile text unchanged', async () => {
    const data = {
      quotes: `'"\`$(id) \${HOME}`,
      lines: 'a\nb\r\n',
      unicode: 'grüße 🚀 \u202e',
      proto: '{"__proto__":1}',
    };
    await create(configMap('hostile', data));
    expect((await cluster.request(`${path}/hostile`)).body).toMatchObject({ data });
  });

  it.each([
    ['.', "must not be '.'"],
    ['..', "must not be '..'"],
    ['..data', "must not start with '..'"],
    ['a b', 'a valid config key must consist of'],
  ])('are refused with data under the key %j, which is a file name', async (key, why) => {
    const { status, body } = await create(configMap('keys', { [key]: '1' }));
    expect(status).toBe(422);
    expect(readText(body, 'message')).toContain(`data[${key}]: Invalid value: "${key}": ${why}`);
  });

  it('hold a mebibyte of data at most', async () => {
    const full = 'ü'.repeat(512 * 1024);
    expect((await create(configMap('full', { full }))).status).toBe(201);
    const { body } = await create(configMap('fuller', { full, more: '1' }));
    expect(readText(body, 'message')).toBe(
      'ConfigMap "fuller" is invalid: []: Too long: may not be more than 1048576 bytes',
    );
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'fuller' } };
    const refused = await cluster.request(path.replace(/configmaps$/, 'secrets'), {
      method: 'POST',
      body: { ...secret, stringData: { full, more: '1' } },
    });
    expect(readText(refused.body, 'message')).toBe(
      'Secret "fuller" is invalid: data: Too long: may not be more than 1048576 bytes',
    );
  });

  it('are refused when a request has more than three mebibytes', async () => {
    const answer = await create(configMap('huge', { huge: 'x'.repeat(4 * 1024 * 1024) }));
    expect(answer).toMatchObject({
      status: 413,
      body: {
        reason: 'RequestEntityTooLarge',
        message: 'Request entity too large: limit is 3145728',
      },
    });
  });

  it('are refused when the name is taken, malformed or missing', async () => {
    await create(configMap('taken', {}));
    expect(await create(configMap('taken', {}))).toMatchObject({
      status: 409,
      body: { kind: 'Status', reason: 'AlreadyExists', details: { name: 'taken', kind: 'configmaps' } },
    });
    expect(await create(configMap('Bad_Name', {}))).toMatchObject({
      status: 422,
      body: { reason: 'Invalid', details: { causes: [{ field: 'metadata.name' }] } },
    });
    expect((await create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: {} })).status).toBe(422);
  });

  it('are refused with a body that is no object of the kind', async () => {
    expect((await create('{')).status).toBe(400);
    expect((await create('[]')).status).toBe(400);
    expect((await create({ ...configMap('k', {}), kind: 'Secret' })).status).toBe(400);
    expect((await create({ ...configMap('k', {}), metadata: { name: 'k', labels: 'no' } })).status).toBe(400);
    expect(
      (await create({ ...configMap('k', {}), metadata: { name: 'k', namespace: 'default' } })).status,
    ).toBe(400);
  });

  it('are refused in a namespace that does not exist', async () => {
    const answer = await cluster.request('/api/v1/namespaces/nowhere-at-all/configmaps', {
      method: 'POST',
      body: configMap('a', {}),
    });
    expect(answer).toMatchObject({ status: 404, body: { message: 'namespaces "nowhere-at-all" not found' } });
  });

  it('are replaced only at the version that the writer read', async () => {
    const { body } = await create(configMap('lock', { n: '0' }));
    const resourceVersion = readText(body, 'metadata', 'resourceVersion');
    const replace = (n: string) =>
      cluster.request(`${path}/lock`, { method: 'PUT', body: configMap('lock', { n }, { resourceVersion }) });
    expect(await replace('1')).toMatchObject({ status: 200, body: { data: { n: '1' } } });
    expect(await replace('2')).toMatchObject({ status: 409, body: { reason: 'Conflict' } });
  });

  it('keep their version when an update changes nothing', async () => {
    const { body } = await create(configMap('same', { n: '0' }));
    const again = await cluster.request(`${path}/same`, { method: 'PUT', body });
    expect(readText(again.body, 'metadata', 'resourceVersion')).toBe(
      readText(body, 'metadata', 'resourceVersion'),
    );
  });

  it('are not stored on a dry run', async () => {
    expect((await create(configMap('dry', {}), '?dryRun=All')).status).toBe(201);
    expect(await cluster.request(`${path}/dry`)).toMatchObject({ status: 404, body: { reason: 'NotFound' } });
  });

  it('lose unknown fields with a warning, or are refused under strict validation', async () => {
    const odd = { ...configMap('odd', {}), dta: { x: '1' } };
    expect(await create(odd, '?fieldValidation=Strict')).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('unknown field "dta"') },
    });
    const warned = await create(odd, '?fieldValidation=Warn');
    expect(warned.status).toBe(201);
    expect(warned.headers['warning']).toContain('unknown field');
    expect(warned.body).not.toHaveProperty('dta');
  });

  it('of a kind with a status take the status only through its subresource', async () => {
    const deployments = `/apis/apps/v1/namespaces/${cluster.namespace}/deployments`;
    const body = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'idle' },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: 'idle' } },
        template: {
          metadata: { labels: { app: 'idle' } },
          spec: { containers: [{ name: 'c', image: 'registry.invalid/none:1' }] },
        },
      },
      status: { replicas: 7 },
    };
    const created = await cluster.request(deployments, { method: 'POST', body });
    expect(created).toMatchObject({ status: 201, body: { metadata: { generation: 1 } } });
    expect(created.body).not.toMatchObject({ status: { replicas: 7 } });
    const scaled = await cluster.request(`${deployments}/idle/scale`);
    expect(scaled.body).toMatchObject({
      kind: 'Scale',
      status: { selector: 'app=idle' },
    });
  });

  it('are not found under a resource, version or path that does not exist', async () => {
    for (const wrong of [
      '/api/v1/gadgets',
      '/apis/apps/v9/deployments',
      '/api/v1/namespaces/default/pods/x/exec',
      '/nothing',
    ]) {
      expect((await cluster.request(wrong)).status).toBe(404);
    }
  });

  it('are answered as tables, metadata or YAML when the client asks for it', async () => {
    const table = await cluster.request(`${path}/a`, {
      accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
    });
    expect(table.body).toMatchObject({
      kind: 'Table',
      rows: [{ cells: ['a', 1, expect.stringMatching(/^\d+s$/)] }],
    });
    const partial = await cluster.request(path, {
      accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
    });
    expect(partial.body).toMatchObject({ kind: 'PartialObjectMetadataList' });
    const yaml = await cluster.request(`${path}/a`, { accept: 'application/yaml' });
    expect(yaml.body).toContain('kind: ConfigMap');
    expect((await cluster.request(path, { accept: 'text/html' })).status).toBe(406);
  });
});
