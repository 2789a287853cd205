/** Watches: resuming, selectors, streaming lists, bookmarks, expired versions, timeouts. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readText } from '../../src/api/kinds/read-field.ts';
import { openTestCluster, type StreamedEvent, type TestCluster } from '../cluster-fixture.ts';

const collect = async (events: AsyncIterable<StreamedEvent>): Promise<StreamedEvent[]> => {
  const all: StreamedEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
};

describe('watches', () => {
  let cluster: TestCluster;
  let path: string;
  const write = (method: 'POST' | 'PUT', name: string, labels: Record<string, string>) =>
    cluster.request(method === 'POST' ? path : `${path}/${name}`, {
      method,
      body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels } },
    });
  const remove = (name: string) => cluster.request(`${path}/${name}`, { method: 'DELETE' });
  const listVersion = async () => readText((await cluster.request(path)).body, 'metadata', 'resourceVersion');
  /** The first `count` events, as `<type> <name>`. */
  const take = async (query: Record<string, string>, count: number): Promise<string[]> => {
    const end = new AbortController();
    const seen: string[] = [];
    for await (const { type, object } of cluster.stream(
      `${path}?watch=true&${new URLSearchParams(query).toString()}`,
      end.signal,
    )) {
      seen.push(`${type} ${object.metadata.name ?? ''}`.trim());
      if (seen.length === count) end.abort();
    }
    return seen;
  };

  beforeAll(async () => {
    cluster = await openTestCluster();
    path = `/api/v1/namespaces/${cluster.namespace}/configmaps`;
  });
  afterAll(() => cluster.close());

  it('go on from the version of a list', async () => {
    const resourceVersion = await listVersion();
    await write('POST', 'a', { n: '1' });
    await write('PUT', 'a', { n: '2' });
    await remove('a');
    expect(await take({ resourceVersion }, 3)).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a']);
  });

  it('tell a live change', async () => {
    const end = new AbortController();
    const events = cluster.stream(`${path}?watch=1&resourceVersion=${await listVersion()}`, end.signal);
    const next = events.next();
    await write('POST', 'live', {});
    expect((await next).value).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'live' } } });
    end.abort();
    await remove('live');
  });

  it('show entering and leaving a selector as ADDED and DELETED', async () => {
    const resourceVersion = await listVersion();
    await write('POST', 's', { on: 'no' });
    await write('PUT', 's', { on: 'yes' });
    await write('PUT', 's', { on: 'yes', more: 'x' });
    await write('PUT', 's', { on: 'no' });
    await write('PUT', 's', { on: 'yes' });
    const seen = await take({ resourceVersion, labelSelector: 'on=yes' }, 4);
    expect(seen).toEqual(['ADDED s', 'MODIFIED s', 'DELETED s', 'ADDED s']);
    await remove('s');
  });

  it('start with what is there when no version is given', async () => {
    await write('POST', 'there', { mine: 'yes' });
    expect(await take({ labelSelector: 'mine=yes' }, 1)).toEqual(['ADDED there']);
    await remove('there');
  });

  it('stream a list and mark its end', async () => {
    await write('POST', 'x', { set: 'q' });
    await write('POST', 'y', { set: 'q' });
    const query = {
      labelSelector: 'set=q',
      sendInitialEvents: 'true',
      resourceVersionMatch: 'NotOlderThan',
      allowWatchBookmarks: 'true',
    };
    const end = new AbortController();
    const events: StreamedEvent[] = [];
    for await (const event of cluster.stream(
      `${path}?watch=true&${new URLSearchParams(query).toString()}`,
      end.signal,
    )) {
      events.push(event);
      if (event.type === 'BOOKMARK') end.abort();
    }
    expect(events.map(({ type }) => type)).toEqual(['ADDED', 'ADDED', 'BOOKMARK']);
    expect(events.at(-1)?.object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
  });

  it('answer an unknown future version with an ERROR event or a refusal', async () => {
    const end = AbortSignal.timeout(10_000);
    const query = 'watch=true&resourceVersion=99999999999999&timeoutSeconds=1';
    const [first] = await collect(cluster.stream(`${path}?${query}`, end));
    expect(first === undefined || first.type === 'ERROR' || first.object === undefined).toBe(true);
  });

  it('end at their timeout', async () => {
    const path2 = `${path}?watch=true&timeoutSeconds=1&resourceVersion=${await listVersion()}`;
    expect(await collect(cluster.stream(path2, AbortSignal.timeout(20_000)))).toEqual([]);
  });
});
