/** Pod logs: whole, followed, by tail, since, timestamps and container. */

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readText } from '../../src/api/kinds/read-field.ts';
import { openTestCluster, type TestCluster } from '../cluster-fixture.ts';

const SCRIPT = 'echo one; echo two >&2; echo "three  spaces"; sleep 1; echo four';

describe('pod logs', () => {
  let cluster: TestCluster;
  let path: string;
  const pod = (name: string, containers: readonly { name: string; script: string }[]) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      restartPolicy: 'Never',
      containers: containers.map((container) => ({
        name: container.name,
        image: 'busybox:1',
        command: ['sh', '-c', container.script],
      })),
    },
  });
  const phase = async (name: string) =>
    readText((await cluster.request(`${path}/${name}`)).body, 'status', 'phase');
  const isOver = (name: string) =>
    vi.waitFor(async () => expect(await phase(name)).toBe('Succeeded'), { timeout: 50_000, interval: 100 });

  beforeAll(async () => {
    cluster = await openTestCluster();
    path = `/api/v1/namespaces/${cluster.namespace}/pods`;
    await cluster.request(path, { method: 'POST', body: pod('talker', [{ name: 'c', script: SCRIPT }]) });
  });
  afterAll(() => cluster.close());

  it('are followed until the container ends', async () => {
    await vi.waitFor(async () => expect(['Running', 'Succeeded']).toContain(await phase('talker')), {
      timeout: 50_000,
    });
    const { body } = await cluster.request(`${path}/talker/log?follow=true`);
    expect(String(body).split('\n').toSorted()).toEqual(['', 'four', 'one', 'three  spaces', 'two']);
  });

  it('are shown by tail, with timestamps and by time', async () => {
    await isOver('talker');
    expect((await cluster.request(`${path}/talker/log?tailLines=1`)).body).toBe('four\n');
    expect((await cluster.request(`${path}/talker/log?tailLines=0`)).body).toBe('');
    expect((await cluster.request(`${path}/talker/log?tailLines=1&timestamps=true`)).body).toMatch(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z four\n$/,
    );
    expect((await cluster.request(`${path}/talker/log?sinceTime=2999-01-01T00:00:00Z`)).body).toBe('');
    expect((await cluster.request(`${path}/talker/log?limitBytes=2`)).body).toHaveLength(2);
  });

  it('need a container name when there are several', async () => {
    const two = [
      { name: 'a', script: 'echo from-a' },
      { name: 'b', script: 'echo from-b' },
    ];
    await cluster.request(path, { method: 'POST', body: pod('two', two) });
    await isOver('two');
    expect((await cluster.request(`${path}/two/log`)).status).toBe(400);
    expect((await cluster.request(`${path}/two/log?container=nope`)).status).toBe(400);
    expect((await cluster.request(`${path}/two/log?container=b`)).body).toBe('from-b\n');
  });

  it('are not found for a pod that is not there', async () => {
    expect((await cluster.request(`${path}/nobody/log`)).status).toBe(404);
  });
});
