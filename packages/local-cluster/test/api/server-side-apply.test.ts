/** Server-side apply: ownership, conflicts, force, removal of what is no longer applied. */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestCluster, type TestCluster } from '../cluster-fixture.ts';

describe('server-side apply', () => {
  let cluster: TestCluster;
  let name: string;
  let count = 0;
  const apply = (manager: string, fields: Record<string, unknown>, query = '') =>
    cluster.request(
      `/api/v1/namespaces/${cluster.namespace}/services/${name}?fieldManager=${manager}${query}`,
      {
        method: 'PATCH',
        contentType: 'application/apply-patch+yaml',
        body: { apiVersion: 'v1', kind: 'Service', metadata: { name }, ...fields },
      },
    );
  const read = async () =>
    (await cluster.request(`/api/v1/namespaces/${cluster.namespace}/services/${name}`)).body;
  const ports = (...list: number[]) => ({
    ports: list.map((port) => ({ port, protocol: 'TCP', name: `p${port}` })),
  });

  beforeAll(async () => {
    cluster = await openTestCluster();
  });
  afterAll(() => cluster.close());
  beforeEach(() => {
    count += 1;
    name = `s${count}`;
  });

  it('makes an object that is not there', async () => {
    expect(await apply('a', { spec: { selector: { app: 'x' }, ...ports(80) } })).toMatchObject({
      status: 201,
      body: {
        metadata: { managedFields: [{ manager: 'a', operation: 'Apply', fieldsType: 'FieldsV1' }] },
        spec: { selector: { app: 'x' } },
      },
    });
  });

  it('merges keyed lists item by item and removes what its manager no longer applies', async () => {
    await apply('a', { metadata: { name, labels: { a: '1', b: '2' } }, spec: ports(80, 81) });
    await apply('b', { spec: ports(82) });
    expect((await apply('a', { metadata: { name, labels: { a: '1' } }, spec: ports(81) })).status).toBe(200);
    const body = await read();
    expect(body).toMatchObject({
      metadata: { labels: { a: '1' } },
      spec: { ports: [{ port: 81 }, { port: 82 }] },
    });
    expect(body).not.toHaveProperty('metadata.labels.b');
  });

  it('refuses to change a field of another manager and names the manager', async () => {
    await apply('alice', { metadata: { name, labels: { color: 'red' } }, spec: ports(80) });
    const refused = await apply('bob', { metadata: { name, labels: { color: 'blue' } } });
    expect(refused).toMatchObject({
      status: 409,
      body: {
        reason: 'Conflict',
        message: expect.stringContaining('conflict with "alice"'),
        details: { causes: [{ reason: 'FieldManagerConflict', field: '.metadata.labels.color' }] },
      },
    });
  });

  it('takes the field over when forced, and the other manager loses it', async () => {
    await apply('alice', { metadata: { name, labels: { color: 'red' } }, spec: ports(80) });
    await apply('bob', { metadata: { name, labels: { color: 'blue' } } }, '&force=true');
    expect(await read()).toMatchObject({ metadata: { labels: { color: 'blue' } } });
    await apply('bob', {});
    expect(await read()).not.toHaveProperty('metadata.labels.color');
  });

  it('shares a field whose value both managers agree on', async () => {
    await apply('alice', { metadata: { name, labels: { color: 'red' } }, spec: ports(80) });
    expect((await apply('bob', { metadata: { name, labels: { color: 'red' } } })).status).toBe(200);
    await apply('alice', { spec: ports(80) });
    expect(await read()).toMatchObject({ metadata: { labels: { color: 'red' } } });
  });

  it('meets conflicts with ordinary updates too', async () => {
    await apply('alice', { metadata: { name, labels: { color: 'red' } }, spec: ports(80) });
    await cluster.request(`/api/v1/namespaces/${cluster.namespace}/services/${name}?fieldManager=editor`, {
      method: 'PATCH',
      contentType: 'application/merge-patch+json',
      body: { metadata: { labels: { color: 'green' } } },
    });
    expect(
      await apply('alice', { metadata: { name, labels: { color: 'red' } }, spec: ports(80) }),
    ).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining('"editor"') },
    });
  });

  it('changes nothing the second time', async () => {
    const first = await apply('a', { metadata: { name, labels: { x: 'y' } }, spec: ports(80) });
    const second = await apply('a', { metadata: { name, labels: { x: 'y' } }, spec: ports(80) });
    expect(second.status).toBe(200);
    expect(second.body).toMatchObject({ metadata: { labels: { x: 'y' } }, spec: { ports: [{ port: 80 }] } });
    expect(first.body).toMatchObject({ spec: { ports: [{ port: 80 }] } });
  });

  it('needs a field manager', async () => {
    expect((await apply('', { spec: ports(80) })).status).toBeGreaterThanOrEqual(400);
  });

  it('reads YAML', async () => {
    const yaml = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {k: "v"}\n`;
    const answer = await cluster.request(
      `/api/v1/namespaces/${cluster.namespace}/configmaps/${name}?fieldManager=y`,
      { method: 'PATCH', contentType: 'application/apply-patch+yaml', body: yaml },
    );
    expect(answer).toMatchObject({ status: 201, body: { data: { k: 'v' } } });
  });
});
