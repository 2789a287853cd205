/** Property: a watch under concurrent writers loses nothing, tells nothing twice, and keeps the order of versions. */

import { array, assert, asyncProperty, constantFrom, integer } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/contracts/kube-object.ts';
import { readText } from '../../src/api/kinds/read-field.ts';
import { openTestCluster, type StreamedEvent, type TestCluster } from '../cluster-fixture.ts';

type Step = 'write' | 'delete';

describe('a watch under concurrent writers', () => {
  let cluster: TestCluster;
  let path: string;
  let round = 0;

  beforeAll(async () => {
    cluster = await openTestCluster();
    path = `/api/v1/namespaces/${cluster.namespace}/configmaps`;
  });
  afterAll(() => cluster.close());

  const body = (name: string, labels: Record<string, string>, value: string) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, labels },
    data: { value },
  });

  /** Writes one object step by step; returns the versions that the server acknowledged. */
  const runWriter = async (
    name: string,
    labels: Record<string, string>,
    steps: readonly Step[],
  ): Promise<string[]> => {
    const acknowledged: string[] = [];
    let exists = false;
    for (const [index, step] of steps.entries()) {
      if (step === 'delete') {
        if (exists) await cluster.request(`${path}/${name}`, { method: 'DELETE' });
        exists = false;
        continue;
      }
      const answer = await cluster.request(exists ? `${path}/${name}` : path, {
        method: exists ? 'PUT' : 'POST',
        body: body(name, labels, String(index)),
      });
      exists = true;
      acknowledged.push(readText(answer.body, 'metadata', 'resourceVersion'));
    }
    return acknowledged;
  };

  /** Collects events until the sentinel object appears; reconnects from the last version after `cutAfter` events. */
  const collect = async (
    start: string,
    labelSelector: string,
    cutAfter: number,
  ): Promise<StreamedEvent[]> => {
    const events: StreamedEvent[] = [];
    let resourceVersion = start;
    while (events.at(-1)?.object.metadata.name !== 'sentinel') {
      const end = new AbortController();
      const query = new URLSearchParams({ watch: 'true', resourceVersion, labelSelector });
      let heard = 0;
      for await (const event of cluster.stream(`${path}?${query.toString()}`, end.signal)) {
        events.push(event);
        heard += 1;
        resourceVersion = event.object.metadata.resourceVersion ?? '';
        if (event.object.metadata.name === 'sentinel' || heard === cutAfter) {
          end.abort();
          break;
        }
      }
    }
    return events.slice(0, -1);
  };

  const finalState = (events: readonly StreamedEvent[]): Map<string, KubeObject> => {
    const state = new Map<string, KubeObject>();
    for (const { type, object } of events) {
      const name = object.metadata.name ?? '';
      if (type === 'DELETED') state.delete(name);
      else state.set(name, object);
    }
    return state;
  };

  it('sees every acknowledged write once and in order, across reconnects', { timeout: 60_000 }, async () => {
    const step = constantFrom<Step>('write', 'write', 'write', 'delete');
    const writers = array(array(step, { minLength: 1, maxLength: 12 }), { minLength: 2, maxLength: 6 });
    await assert(
      asyncProperty(writers, integer({ min: 1, max: 15 }), async (scripts, cutAfter) => {
        round += 1;
        const labels = { round: String(round) };
        const selector = `round=${round}`;
        const list = await cluster.request(`${path}?labelSelector=${selector}`);
        const watching = collect(readText(list.body, 'metadata', 'resourceVersion'), selector, cutAfter);
        const acknowledged = await Promise.all(
          scripts.map((steps, index) => runWriter(`w-${round}-${index}`, labels, steps)),
        );
        await cluster.request(path, { method: 'POST', body: body('sentinel', labels, '') });
        const events = await watching;
        await cluster.request(`${path}/sentinel`, { method: 'DELETE' });

        const versions = events.map(({ object }) => Number(object.metadata.resourceVersion));
        expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
        const told = new Set(versions);
        expect(acknowledged.flat().filter((version) => !told.has(Number(version)))).toEqual([]);
        const now = await cluster.request(`${path}?labelSelector=${selector}`);
        const items = [...finalState(events).values()].sort((a, b) =>
          (a.metadata.name ?? '').localeCompare(b.metadata.name ?? ''),
        );
        const bare = items.map(({ apiVersion: _a, kind: _k, ...rest }) => rest);
        expect(now.body).toMatchObject({ items: bare });
      }),
      { numRuns: 15 },
    );
  });
});
