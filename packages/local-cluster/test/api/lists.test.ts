/** Lists: order, pages that show one moment, label and field selectors. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readField, readText } from '../../src/api/kinds/read-field.ts';
import { openTestCluster, type TestCluster } from '../cluster-fixture.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e'];

describe('lists', () => {
  let cluster: TestCluster;
  let path: string;
  const create = (name: string, labels: Record<string, string> = {}) =>
    cluster.request(path, {
      method: 'POST',
      body: { apiVersion: 'v1', kind: 'Secret', metadata: { name, labels }, type: 'example.com/t' },
    });
  const namesOf = (body: unknown): string[] => {
    const items = readField(body, 'items');
    return Array.isArray(items) ? items.map((item) => readText(item, 'metadata', 'name')) : [];
  };
  const list = async (query: Record<string, string>) =>
    (await cluster.request(`${path}?${new URLSearchParams(query).toString()}`)).body;

  beforeAll(async () => {
    cluster = await openTestCluster();
    path = `/api/v1/namespaces/${cluster.namespace}/secrets`;
    for (const name of NAMES.toReversed())
      await create(name, { app: name, tier: name < 'c' ? 'low' : 'high' });
  });
  afterAll(() => cluster.close());

  it('are in the order of names', async () => {
    expect(namesOf(await list({}))).toEqual(NAMES);
  });

  it('come in pages that show the moment of the first one', async () => {
    const first = await list({ limit: '2' });
    await create('aa');
    const second = await list({ limit: '2', continue: readText(first, 'metadata', 'continue') });
    const third = await list({ limit: '2', continue: readText(second, 'metadata', 'continue') });
    expect([first, second, third].map(namesOf)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(readField(first, 'metadata', 'remainingItemCount')).toBe(3);
    expect(readText(third, 'metadata', 'continue')).toBe('');
    await cluster.request(`${path}/aa`, { method: 'DELETE' });
  });

  it('refuse a continue token that is unknown', async () => {
    const answer = await cluster.request(`${path}?limit=1&continue=bm90aGluZw`);
    expect([400, 410]).toContain(answer.status);
  });

  it.each([
    ['app=a', ['a']],
    ['app==a', ['a']],
    ['app!=a,tier=low', ['b']],
    ['app in (a, e)', ['a', 'e']],
    ['tier notin (low)', ['c', 'd', 'e']],
    ['app,!missing', NAMES],
    ['missing', []],
  ])('select by labels: %s', async (labelSelector, expected) => {
    expect(namesOf(await list({ labelSelector }))).toEqual(expected);
  });

  it.each([
    ['metadata.name=b', ['b']],
    ['metadata.name!=b', ['a', 'c', 'd', 'e']],
    ['type=example.com/t', NAMES],
    ['type=Opaque', []],
  ])('select by fields: %s', async (fieldSelector, expected) => {
    expect(namesOf(await list({ fieldSelector }))).toEqual(expected);
  });

  it('refuse selectors that cannot be understood', async () => {
    expect((await cluster.request(`${path}?labelSelector=${encodeURIComponent('a in (')}`)).status).toBe(400);
    expect((await cluster.request(`${path}?fieldSelector=spec.secret%3Dx`)).status).toBe(400);
  });
});
