/** PATCH: JSON merge patch, JSON patch and strategic merge patch. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestCluster, type TestCluster } from '../cluster-fixture.ts';

const container = (name: string, image: string, extra: Record<string, unknown> = {}) => ({
  name,
  image,
  ...extra,
});

describe('patches', () => {
  let cluster: TestCluster;
  let path: string;
  let count = 0;
  const patch = (type: string, body: unknown) =>
    cluster.request(path, { method: 'PATCH', contentType: `application/${type}+json`, body });

  beforeAll(async () => {
    cluster = await openTestCluster();
  });
  afterAll(() => cluster.close());
  // A namespace goes when nothing in it is held.
  afterEach(() => patch('merge-patch', { metadata: { finalizers: null } }));
  beforeEach(async () => {
    count += 1;
    const deployments = `/apis/apps/v1/namespaces/${cluster.namespace}/deployments`;
    path = `${deployments}/d${count}`;
    const labels = { app: `d${count}` };
    await cluster.request(deployments, {
      method: 'POST',
      body: {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: `d${count}`, labels, finalizers: ['example.com/a', 'example.com/b'] },
        spec: {
          replicas: 0,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              containers: [
                container('one', 'i:1', { env: [{ name: 'A', value: '1' }], ports: [{ containerPort: 80 }] }),
                container('two', 'i:2'),
              ],
            },
          },
        },
      },
    });
  });

  it('merge: objects merge, null removes, lists replace', async () => {
    const patched = await patch('merge-patch', {
      metadata: { labels: { more: 'x' }, finalizers: null },
      spec: { template: { spec: { containers: [container('three', 'i:3')] } } },
    });
    expect(patched).toMatchObject({
      status: 200,
      body: {
        metadata: { labels: { app: `d${count}`, more: 'x' } },
        spec: { template: { spec: { containers: [{ name: 'three' }] } } },
      },
    });
    expect(patched.body).not.toHaveProperty('metadata.finalizers');
  });

  it('strategic merge: lists merge by their keys', async () => {
    const patched = await patch('strategic-merge-patch', {
      spec: {
        template: {
          spec: {
            containers: [
              container('one', 'i:9', { env: [{ name: 'B', value: '2' }], ports: [{ containerPort: 81 }] }),
              { name: 'two', $patch: 'delete' },
            ],
          },
        },
      },
    });
    const [only, ...more] = [patched.body].flatMap((body) => {
      const text: { spec: { template: { spec: { containers: Record<string, unknown>[] } } } } = JSON.parse(
        JSON.stringify(body),
      );
      return text.spec.template.spec.containers;
    });
    expect(more).toEqual([]);
    expect(only).toMatchObject({ name: 'one', image: 'i:9' });
    expect(only?.['env']).toEqual(
      expect.arrayContaining([
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ]),
    );
    expect(only?.['ports']).toEqual(
      expect.arrayContaining([
        { containerPort: 80, protocol: 'TCP' },
        { containerPort: 81, protocol: 'TCP' },
      ]),
    );
  });

  it('strategic merge: directives replace maps and delete from primitive lists', async () => {
    const patched = await patch('strategic-merge-patch', {
      metadata: {
        labels: { $patch: 'replace', only: 'y' },
        '$deleteFromPrimitiveList/finalizers': ['example.com/a'],
      },
    });
    expect(patched.body).toMatchObject({
      metadata: { labels: { only: 'y' }, finalizers: ['example.com/b'] },
    });
  });

  it('JSON patch: operations run in order, all or nothing', async () => {
    const patched = await patch('json-patch', [
      { op: 'test', path: '/metadata/name', value: `d${count}` },
      { op: 'add', path: '/metadata/labels/a~1b', value: 'slash' },
      { op: 'move', from: '/metadata/labels/a~1b', path: '/metadata/labels/moved' },
      { op: 'copy', from: '/metadata/labels/moved', path: '/metadata/labels/copied' },
      { op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'i:7' },
      { op: 'remove', path: '/spec/template/spec/containers/1' },
      { op: 'add', path: '/metadata/finalizers/-', value: 'example.com/c' },
    ]);
    expect(patched).toMatchObject({
      status: 200,
      body: {
        metadata: {
          labels: { moved: 'slash', copied: 'slash' },
          finalizers: ['example.com/a', 'example.com/b', 'example.com/c'],
        },
        spec: { template: { spec: { containers: [{ name: 'one', image: 'i:7' }] } } },
      },
    });
    const refused = await patch('json-patch', [
      { op: 'replace', path: '/spec/replicas', value: 1 },
      { op: 'test', path: '/metadata/name', value: 'other' },
    ]);
    expect(refused.status).toBe(422);
    expect((await cluster.request(path)).body).toMatchObject({ spec: { replicas: 0 } });
  });

  it('a resourceVersion in a patch is an optimistic lock', async () => {
    expect((await patch('merge-patch', { metadata: { resourceVersion: '1' } })).status).toBe(409);
  });

  it('cannot change the name or the uid', async () => {
    expect((await patch('merge-patch', { metadata: { name: 'other' } })).status).toBe(400);
    expect((await patch('merge-patch', { metadata: { uid: 'other' } })).status).toBeGreaterThanOrEqual(400);
  });

  it('of an unknown type are refused', async () => {
    expect((await patch('odd-patch', {})).status).toBe(415);
  });

  it('of what is not there are not found', async () => {
    const contentType = 'application/merge-patch+json';
    const answer = await cluster.request(`${path}-gone`, { method: 'PATCH', contentType, body: {} });
    expect(answer.status).toBe(404);
  });
});
