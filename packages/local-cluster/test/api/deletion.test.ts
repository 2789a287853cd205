/** Deletion: preconditions, finalizers, owners and dependents, collections, namespaces. */

import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readText } from '../../src/api/kinds/read-field.ts';
import { openTestCluster, type TestCluster } from '../cluster-fixture.ts';

describe('deletion', () => {
  let cluster: TestCluster;
  let path: string;
  const create = async (name: string, metadata: Record<string, unknown> = {}) => {
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata } };
    return (await cluster.request(path, { method: 'POST', body })).body;
  };
  const owner = (name: string, body: unknown, block = false) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name,
    uid: readText(body, 'metadata', 'uid'),
    blockOwnerDeletion: block,
  });
  const remove = (name: string, options: Record<string, unknown> = {}) =>
    cluster.request(`${path}/${name}`, {
      method: 'DELETE',
      body: { apiVersion: 'v1', kind: 'DeleteOptions', ...options },
    });
  const status = async (name: string) => (await cluster.request(`${path}/${name}`)).status;
  const becomesGone = (name: string) => expect.poll(() => status(name), { timeout: 30_000 }).toBe(404);
  const dropFinalizers = (name: string) =>
    cluster.request(`${path}/${name}`, {
      method: 'PATCH',
      contentType: 'application/merge-patch+json',
      body: { metadata: { finalizers: null } },
    });

  beforeAll(async () => {
    cluster = await openTestCluster();
    path = `/api/v1/namespaces/${cluster.namespace}/configmaps`;
  });
  afterAll(() => cluster.close());

  it('answers with a Success that names the object', async () => {
    const body = await create('plain');
    expect(await remove('plain')).toMatchObject({
      status: 200,
      body: {
        status: 'Success',
        details: { name: 'plain', kind: 'configmaps', uid: readText(body, 'metadata', 'uid') },
      },
    });
    expect(await status('plain')).toBe(404);
    expect((await remove('plain')).status).toBe(404);
  });

  it('obeys preconditions', async () => {
    await create('guarded');
    expect((await remove('guarded', { preconditions: { uid: 'other' } })).status).toBe(409);
    expect((await remove('guarded', { preconditions: { resourceVersion: '1' } })).status).toBe(409);
    expect((await remove('guarded', { dryRun: ['All'] })).status).toBe(200);
    expect(await status('guarded')).toBe(200);
  });

  it('waits for finalizers', async () => {
    await create('held', { finalizers: ['example.com/hold'] });
    expect((await remove('held')).body).toMatchObject({
      metadata: { deletionTimestamp: expect.any(String) },
    });
    expect(await status('held')).toBe(200);
    await dropFinalizers('held');
    await becomesGone('held');
  });

  it('takes dependents along in the background', async () => {
    const parent = await create('parent');
    await create('child', { ownerReferences: [owner('parent', parent)] });
    await remove('parent', { propagationPolicy: 'Background' });
    await becomesGone('child');
  });

  it('leaves dependents that have another owner', async () => {
    const [one, two] = [await create('one'), await create('two')];
    await create('shared', { ownerReferences: [owner('one', one), owner('two', two)] });
    await remove('one');
    await becomesGone('one');
    expect(await status('shared')).toBe(200);
    await remove('two');
    await becomesGone('shared');
  });

  it('waits for dependents in the foreground', async () => {
    const parent = await create('fg');
    await create('fg-child', {
      ownerReferences: [owner('fg', parent, true)],
      finalizers: ['example.com/hold'],
    });
    await remove('fg', { propagationPolicy: 'Foreground' });
    await expect
      .poll(
        async () =>
          readText((await cluster.request(`${path}/fg-child`)).body, 'metadata', 'deletionTimestamp'),
        {
          timeout: 30_000,
        },
      )
      .not.toBe('');
    expect(await status('fg')).toBe(200);
    await dropFinalizers('fg-child');
    await becomesGone('fg');
  });

  it('orphans dependents when asked to', async () => {
    const parent = await create('op');
    await create('orphan', { ownerReferences: [owner('op', parent)] });
    await remove('op', { propagationPolicy: 'Orphan' });
    await becomesGone('op');
    await expect
      .poll(async () => (await cluster.request(`${path}/orphan`)).body, { timeout: 30_000 })
      .not.toHaveProperty('metadata.ownerReferences');
  });

  it('of a collection takes what the selector selects', async () => {
    await create('c1', { labels: { set: 'x' } });
    await create('c2', { labels: { set: 'x' } });
    await create('c3', { labels: { set: 'y' } });
    expect((await cluster.request(`${path}?labelSelector=set%3Dx`, { method: 'DELETE' })).status).toBe(200);
    expect([await status('c1'), await status('c2'), await status('c3')]).toEqual([404, 404, 200]);
  });

  it('of a namespace takes its content, and nothing new can be made in it meanwhile', async () => {
    const name = `t-${randomBytes(5).toString('hex')}`;
    const inside = `/api/v1/namespaces/${name}/configmaps`;
    const make = (child: string, metadata: Record<string, unknown> = {}) =>
      cluster.request(inside, {
        method: 'POST',
        body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: child, ...metadata } },
      });
    await cluster.request('/api/v1/namespaces', {
      method: 'POST',
      body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
    });
    await make('held', { finalizers: ['example.com/hold'] });
    await cluster.request(`/api/v1/namespaces/${name}`, { method: 'DELETE' });
    await expect
      .poll(
        async () => readText((await cluster.request(`/api/v1/namespaces/${name}`)).body, 'status', 'phase'),
        { timeout: 30_000 },
      )
      .toBe('Terminating');
    expect(await make('late')).toMatchObject({ status: 403, body: { reason: 'Forbidden' } });
    await expect
      .poll(
        async () => {
          await cluster.request(`${inside}/held`, {
            method: 'PATCH',
            contentType: 'application/merge-patch+json',
            body: { metadata: { finalizers: null } },
          });
          return (await cluster.request(`/api/v1/namespaces/${name}`)).status;
        },
        { timeout: 30_000 },
      )
      .toBe(404);
  });

  it.each(['default', 'kube-system', 'kube-public'])('never takes the namespace %s', async (name) => {
    const path = `/api/v1/namespaces/${name}?dryRun=All`;
    const message = `namespaces "${name}" is forbidden: this namespace may not be deleted`;
    expect(await cluster.request(path, { method: 'DELETE' })).toMatchObject({
      status: 403,
      body: { reason: 'Forbidden', message },
    });
  });
});
