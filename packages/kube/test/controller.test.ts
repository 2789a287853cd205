import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createController,
  createKubeClient,
  createLease,
  createReflector,
  createWorkQueue,
  kinds,
  mapKeys,
  ownerKeys,
  waitFor,
  waitForDeletion,
} from '../src/index.ts';
import { startFakeApiServer } from '../src/testing/index.ts';

const MAPS = '/api/v1/namespaces/apps/configmaps';
const PODS = '/api/v1/namespaces/apps/pods';
/** How long a condition that will come true may take on a busy machine. */
const PATIENT = { interval: 2, timeout: 30_000 };
/** Runs out in any case, but not before a busy machine has answered once. */
const SHORT = { timeoutMs: 2_000 };
const FAST = { backoff: { baseMs: 1, maxMs: 4 } };

describe('a work queue', () => {
  it('holds a key once and never gives it to two hands, whatever the order of calls', async () => {
    const step = fc.tuple(fc.constantFrom('add', 'take', 'done'), fc.constantFrom('a', 'b', 'c'));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const queue = createWorkQueue();
        const held: string[] = [];
        const owed = new Set<string>();
        for (const [action, key] of steps) {
          if (action === 'add') {
            queue.add(key);
            owed.add(key);
          }
          if (action === 'take' && queue.length > 0) {
            const taken = (await queue.take()) ?? '';
            expect(held).not.toContain(taken);
            expect(owed.delete(taken)).toBe(true);
            held.push(taken);
          }
          if (action === 'done' && held.length > 0) queue.done(held.shift() ?? '');
        }
        for (const key of held) queue.done(key);
        expect(queue.length).toBe(owed.size);
        queue.close();
        expect(await queue.take()).toBeUndefined();
      }),
    );
  });

  it('lets the earliest of several delays count', async () => {
    const queue = createWorkQueue();
    queue.addAfter('a', 60_000);
    queue.addAfter('a', 1);
    expect(await queue.take()).toBe('a');
    queue.close();
  });
});

describe('a controller', () => {
  it('reconciles until the world is as wanted, through failures and cut watches', async () => {
    await using server = await startFakeApiServer();
    await using client = createKubeClient(server.config);
    const maps = client.resource(kinds.configmaps, 'apps');
    const names = ['a', 'b', 'c', 'd', 'e'];
    const reflector = createReflector(maps, FAST);
    let failures = 0;
    await using controller = createController({
      reflectors: [reflector],
      concurrency: 2,
      ...FAST,
      onError: () => (failures += 1),
      async reconcile(key) {
        const map = reflector.get(key);
        if (map === undefined || map.data?.['done'] === 'yes') return;
        await maps.patch(map.metadata?.name ?? '', { data: { done: 'yes' } }, { type: 'merge' });
      },
    });
    controller.start();
    for (const [index, name] of names.entries()) {
      server.put(MAPS, { metadata: { name } });
      if (index % 2 === 0) server.failNext({ status: 500, reason: 'InternalError', method: 'PATCH' });
      server.cutWatches();
    }
    const done = (): boolean =>
      names.every((name) => JSON.stringify(server.get(MAPS, name)).includes('"done":"yes"'));
    await expect.poll(done, PATIENT).toBe(true);
    expect(failures).toBe(3);
  });

  it('calls again after requeueAfterMs though nothing changed', async () => {
    await using server = await startFakeApiServer();
    server.put(MAPS, { metadata: { name: 'm' } });
    await using client = createKubeClient(server.config);
    let calls = 0;
    await using controller = createController({
      reflectors: [createReflector(client.resource(kinds.configmaps, 'apps'), FAST)],
      reconcile: () => Promise.resolve((calls += 1) < 3 ? { requeueAfterMs: 1 } : undefined),
    });
    controller.start();
    await expect.poll(() => calls, PATIENT).toBe(3);
  });

  it('wakes the owner of an object that changed', async () => {
    await using server = await startFakeApiServer();
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: 'u' };
    await using client = createKubeClient(server.config);
    const keys: string[] = [];
    const pods = createReflector(client.resource(kinds.pods, 'apps'), FAST);
    await using controller = createController({
      reflectors: [mapKeys(pods, (pod) => ownerKeys(pod, 'ConfigMap'))],
      reconcile: (key) => Promise.resolve(void keys.push(key)),
    });
    controller.start();
    await pods.synced;
    server.put(PODS, { metadata: { name: 'p', ownerReferences: [owner] } });
    await expect.poll(() => keys, PATIENT).toEqual(['apps/owner']);
  });
});

describe('waitFor', () => {
  it('resolves when the object that did not exist yet becomes as wanted', async () => {
    await using server = await startFakeApiServer();
    await using client = createKubeClient(server.config);
    const maps = client.resource(kinds.configmaps, 'apps');
    const ready = waitFor(maps, 'm', (map) => map.data?.['ready'] === 'yes', { timeoutMs: 30_000 });
    await expect.poll(() => server.openWatches, PATIENT).toBe(1);
    server.put(MAPS, { metadata: { name: 'm' } });
    server.put(MAPS, { metadata: { name: 'm' }, data: { ready: 'yes' } });
    expect(await ready).toMatchObject({ ok: true, value: { data: { ready: 'yes' } } });
    await expect.poll(() => server.openWatches, PATIENT).toBe(0);
  });

  it('gives the last state when the time is over', async () => {
    await using server = await startFakeApiServer();
    server.put(MAPS, { metadata: { name: 'm' }, data: { ready: 'no' } });
    await using client = createKubeClient(server.config);
    const maps = client.resource(kinds.configmaps, 'apps');
    // Connected before the time runs, so that the first list is in long before it is over.
    await maps.get('m');
    const outcome = await waitFor(maps, 'm', () => false, SHORT);
    expect(outcome).toMatchObject({
      ok: false,
      error: { reason: 'timeout', last: { data: { ready: 'no' } } },
    });
  });

  it('says what the trouble was when the time is over', async () => {
    await using server = await startFakeApiServer();
    await using client = createKubeClient(server.config);
    const maps = client.resource(kinds.configmaps, 'apps');
    await maps.get('m');
    for (let index = 0; index < 9; index += 1) server.failNext({ status: 403, reason: 'Forbidden' });
    const outcome = await waitFor(maps, 'm', () => true, SHORT);
    expect(outcome).toMatchObject({ ok: false, error: { cause: { reason: 'Forbidden' } } });
  });

  it('sees a deletion', async () => {
    await using server = await startFakeApiServer();
    server.put(MAPS, { metadata: { name: 'm' } });
    await using client = createKubeClient(server.config);
    const gone = waitForDeletion(client.resource(kinds.configmaps, 'apps'), 'm', { timeoutMs: 30_000 });
    await expect.poll(() => server.openWatches, PATIENT).toBe(1);
    server.remove(MAPS, 'm');
    expect(await gone).toEqual({ ok: true, value: undefined });
  });

  it('rejects with the reason of an abort', async () => {
    await using server = await startFakeApiServer();
    await using client = createKubeClient(server.config);
    const abort = new AbortController();
    const waiting = waitFor(client.resource(kinds.configmaps, 'apps'), 'm', () => true, {
      timeoutMs: 30_000,
      signal: abort.signal,
    });
    abort.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });
});

describe('a lease', () => {
  it('is held by one of two replicas, and by the other as soon as the first gives it up', async () => {
    await using server = await startFakeApiServer();
    await using client = createKubeClient(server.config);
    const options = { client, namespace: 'apps', name: 'leader', renewEveryMs: 5 };
    const events: string[] = [];
    const first = createLease({ ...options, identity: 'first', onLost: () => events.push('first lost') });
    await using second = createLease({
      ...options,
      identity: 'second',
      onAcquired: () => events.push('second acquired'),
    });
    first.start();
    await expect.poll(() => first.held, PATIENT).toBe(true);
    second.start();
    const asked = server.requests.length;
    await expect.poll(() => server.requests.length, PATIENT).toBeGreaterThan(asked + 10);
    expect(second.held).toBe(false);
    await first[Symbol.asyncDispose]();
    await expect.poll(() => second.held, PATIENT).toBe(true);
    expect(events).toEqual(['first lost', 'second acquired']);
  });

  it('is lost when the API cannot be reached for two thirds of its life', async () => {
    const server = await startFakeApiServer();
    await using client = createKubeClient(server.config);
    let acquired = 0;
    let lost = 0;
    await using lease = createLease({
      client,
      namespace: 'apps',
      name: 'leader',
      identity: 'me',
      durationMs: 1_000,
      renewEveryMs: 10,
      onAcquired: () => (acquired += 1),
      onLost: () => (lost += 1),
      onError: () => undefined,
    });
    lease.start();
    await expect.poll(() => lease.held, PATIENT).toBe(true);
    await server[Symbol.asyncDispose]();
    await expect.poll(() => lease.held, PATIENT).toBe(false);
    // A machine that stands still for that long loses it, too, and gets it back.
    expect(acquired).toBeGreaterThan(0);
    expect(lost).toBe(acquired);
  });
});
