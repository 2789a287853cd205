/** Work that one replica does: it begins with the Lease and ends with it. */

import { createKubeClient, kinds, type KubeClient } from '@tekton-dag/kube';
import { startFakeApiServer, type FakeApiServer } from '@tekton-dag/kube/testing';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSingletons, type Singletons } from '../src/start/singletons.ts';
import { untilAborted } from '../src/runs/until-aborted.ts';
import { eventually } from './eventually.ts';

const NAMESPACE = 'tekton-pipelines';
const LEASE_NAME = 'tekton-dag-orchestrator';
const LEASES = `/apis/coordination.k8s.io/v1/namespaces/${NAMESPACE}/leases`;

let api: FakeApiServer;
let client: KubeClient;

beforeEach(async () => {
  api = await startFakeApiServer();
  client = createKubeClient(api.config);
});
afterEach(async () => {
  await client.close();
  await api[Symbol.asyncDispose]();
});

const create = (identity: string, name = LEASE_NAME): Singletons =>
  createSingletons({
    client,
    name,
    identity,
    namespace: NAMESPACE,
    // Renewed within two thirds of it, also by a process that was held up for a second.
    leaseMs: 5_000,
    log: pino({ level: 'silent' }),
    onChange: () => {},
  });

/** Counts who works, and how many ever did at a time. */
function createCounter() {
  const working = new Set<string>();
  let most = 0;
  const work = (name: string) => async (signal: AbortSignal) => {
    working.add(name);
    most = Math.max(most, working.size);
    await untilAborted(signal);
    working.delete(name);
  };
  return { working: () => [...working], most: () => most, work };
}

it('is done by one replica, and by the next when that ends', async () => {
  const counter = createCounter();
  const one = create('one');
  await using two = create('two');
  one.add('count', counter.work('one'));
  two.add('count', counter.work('two'));
  one.start();
  await eventually(counter.working).toEqual(['one']);
  two.start();
  await one[Symbol.asyncDispose]();
  await eventually(counter.working).toEqual(['two']);
  expect(counter.most()).toBe(1);
});

it('ends at once when another holds the Lease, and begins again later', async () => {
  const counter = createCounter();
  await using one = create('one');
  one.add('count', counter.work('one'));
  one.start();
  await eventually(counter.working).toEqual(['one']);
  const lease = await client.resource(kinds.leases, NAMESPACE).get(LEASE_NAME);
  const spec = { ...lease?.spec, holderIdentity: 'thief', renewTime: '2026-01-02T03:04:05.000000Z' };
  api.put(LEASES, { metadata: { name: LEASE_NAME }, spec });
  await eventually(counter.working).toEqual([]);
  expect(one.held).toBe(false);
  await eventually(counter.working).toEqual(['one']);
});

it('is begun again when it fails, without the others', async () => {
  const counter = createCounter();
  await using one = create('one');
  let failures = 0;
  one.add('count', counter.work('steady'));
  one.add('fail', async (signal) => {
    failures += 1;
    if (failures < 3) throw new Error('not yet');
    await counter.work('failing')(signal);
  });
  one.start();
  await eventually(counter.working).toEqual(['steady', 'failing']);
  expect(failures).toBe(3);
});

it("is nobody else's where the Lease has another name", async () => {
  const counter = createCounter();
  await using one = create('one');
  await using other = create('one', 'tekton-dag-shop-orchestrator');
  one.add('count', counter.work('one'));
  other.add('count', counter.work('other'));
  one.start();
  other.start();
  await eventually(() => counter.working().toSorted()).toEqual(['one', 'other']);
  const { items } = await client.resource(kinds.leases, NAMESPACE).list();
  expect(items.map(({ metadata }) => String(metadata?.name)).toSorted()).toEqual([
    'tekton-dag-orchestrator',
    'tekton-dag-shop-orchestrator',
  ]);
});
