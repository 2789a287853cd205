/** A log that is larger than what the API keeps for a client who does not read. */

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readText } from '../src/api/kinds/read-field.ts';
import { openTestCluster, type TestCluster } from './cluster-fixture.ts';

const LINES = 40_000;
const LINE_BYTES = 1000;

describe('the log of a pod that said 40 megabytes', () => {
  let cluster: TestCluster;
  let path: string;

  beforeAll(async () => {
    cluster = await openTestCluster();
    path = `/api/v1/namespaces/${cluster.namespace}/pods`;
    const script = `yes "$(printf %0${LINE_BYTES - 1}d 0)" | head -n ${LINES}`;
    const container = { name: 'c', image: 'busybox:1', command: ['sh', '-c', script] };
    await cluster.request(path, {
      method: 'POST',
      body: {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'loud' },
        spec: { restartPolicy: 'Never', containers: [container] },
      },
    });
    const phase = async () => readText((await cluster.request(`${path}/loud`)).body, 'status', 'phase');
    await vi.waitFor(async () => expect(await phase()).toBe('Succeeded'), {
      timeout: 140_000,
      interval: 100,
    });
  }, 150_000);
  afterAll(() => cluster.close());

  it.each(['', '?follow=true', `?tailLines=${LINES}`])(
    'is given as a whole with %j',
    { timeout: 120_000 },
    async (query) => {
      const { status, body } = await cluster.request(`${path}/loud/log${query}`);
      expect(status).toBe(200);
      expect(String(body).length).toBe(LINES * LINE_BYTES);
    },
  );
});
