import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createKubeClient,
  createReflector,
  kinds,
  type CacheChange,
  type KubeObject,
  type Pod,
} from '../src/index.ts';
import { startFakeApiServer, type FakeApiServer } from '../src/testing/index.ts';

const PODS = '/api/v1/namespaces/apps/pods';
const FAST = { backoff: { baseMs: 2, maxMs: 10 } };

const pod = (name: string, step = '0') => ({ metadata: { name, labels: { step } } });

/** Waits for a condition that the code under test will make true by itself. */
async function until(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { timeout: 30_000, interval: 2 }).toBe(true);
}

function sortedVersions(objects: readonly KubeObject[]): string[] {
  return objects.map(({ metadata }) => metadata?.resourceVersion ?? '').toSorted();
}

function versions(server: FakeApiServer, names: readonly string[]): string[] {
  return sortedVersions(names.map((name) => server.get(PODS, name)).filter((found) => found !== undefined));
}

describe('a reflector', () => {
  it('lists every page before it says that it has synced', async () => {
    await using server = await startFakeApiServer();
    for (let index = 0; index < 7; index += 1) server.put(PODS, pod(`p${index}`));
    await using client = createKubeClient(server.config);
    await using reflector = createReflector(client.resource(kinds.pods, 'apps'), { pageSize: 3 });
    reflector.start();
    await reflector.synced;
    expect(reflector.items().length).toBe(7);
    expect(server.requests.filter(({ query }) => query.has('limit')).length).toBe(3);
  });

  it('lists anew when asked, though the watch says nothing, and not before', async () => {
    await using server = await startFakeApiServer();
    await using client = createKubeClient(server.config);
    await using reflector = createReflector(client.resource(kinds.pods, 'apps'), FAST);
    reflector.start();
    await until(() => server.openWatches === 1);
    server.stallWatches(true);
    server.put(PODS, pod('unseen'));
    expect(reflector.items()).toEqual([]);
    await Promise.all([reflector.refresh(), reflector.refresh()]);
    expect(reflector.items().map(({ metadata }) => metadata?.name)).toEqual(['unseen']);
    await until(() => server.openWatches === 1);
  });

  it('resolves a wish for a new list once the API answers, or when it is disposed', async () => {
    await using server = await startFakeApiServer();
    await using client = createKubeClient(server.config);
    const reflector = createReflector(client.resource(kinds.pods, 'apps'), FAST);
    reflector.start();
    await until(() => server.openWatches === 1);
    server.failNext({ status: 503, reason: 'ServiceUnavailable', method: 'GET' });
    await reflector.refresh();
    const never = reflector.refresh();
    await reflector[Symbol.asyncDispose]();
    await never;
  });

  it('keeps of each object what it is told to', async () => {
    await using server = await startFakeApiServer();
    server.put(PODS, { ...pod('listed'), spec: { big: true } });
    await using client = createKubeClient(server.config);
    await using reflector = createReflector(client.resource(kinds.pods, 'apps'), {
      ...FAST,
      transform: ({ metadata = {} }) => ({ metadata }),
    });
    reflector.start();
    await until(() => server.openWatches === 1);
    server.put(PODS, { ...pod('watched'), spec: { big: true } });
    await until(() => reflector.items().length === 2);
    expect(reflector.items().map((item) => Object.keys(item))).toEqual([['metadata'], ['metadata']]);
  });

  it('resumes a cut watch from the version of the last bookmark', async () => {
    await using server = await startFakeApiServer();
    await using client = createKubeClient(server.config);
    await using reflector = createReflector(client.resource(kinds.pods, 'apps'), FAST);
    reflector.start();
    await until(() => server.openWatches === 1);
    server.put('/api/v1/namespaces/elsewhere/pods', pod('noise'));
    const version = server.put('/api/v1/namespaces/elsewhere/pods', pod('noise')).metadata?.resourceVersion;
    server.sendBookmarks();
    server.cutWatches();
    await until(() => server.openWatches === 1);
    expect(server.requests.at(-1)?.query.get('resourceVersion')).toBe(version);
  });

  it('lists again after 410 and reports what was deleted meanwhile', async () => {
    await using server = await startFakeApiServer();
    server.put(PODS, pod('stays'));
    server.put(PODS, pod('goes'));
    await using client = createKubeClient(server.config);
    await using reflector = createReflector(client.resource(kinds.pods, 'apps'), FAST);
    const changes: CacheChange<Pod>[] = [];
    reflector.on((change) => changes.push(change));
    reflector.start();
    await until(() => server.openWatches === 1);
    server.stallWatches(true);
    server.remove(PODS, 'goes');
    server.compact();
    server.cutWatches();
    server.stallWatches(false);
    await until(() => changes.some(({ type }) => type === 'deleted'));
    expect(changes.at(-1)).toMatchObject({ type: 'deleted', key: 'apps/goes' });
    expect(reflector.items().map(({ metadata }) => metadata?.name)).toEqual(['stays']);
  });

  it('gives up a silent watch and sees what it missed', async () => {
    await using server = await startFakeApiServer();
    await using client = createKubeClient(server.config);
    const errors: unknown[] = [];
    await using reflector = createReflector(client.resource(kinds.pods, 'apps'), {
      ...FAST,
      idleTimeoutMs: 30,
      onError: (error) => errors.push(error),
    });
    reflector.start();
    await until(() => server.openWatches === 1);
    server.stallWatches(true);
    server.put(PODS, pod('unheard'));
    await until(() => errors.length > 0);
    server.stallWatches(false);
    await until(() => reflector.get('apps/unheard') !== undefined);
    expect(String(errors[0])).toContain('silent');
  });

  it('surfaces a line that is not an event and goes on', async () => {
    await using server = await startFakeApiServer();
    await using client = createKubeClient(server.config);
    const errors: unknown[] = [];
    await using reflector = createReflector(client.resource(kinds.pods, 'apps'), {
      ...FAST,
      onError: (error) => errors.push(error),
    });
    reflector.start();
    await until(() => server.openWatches === 1);
    server.sendRaw('<html>proxy error</html>\n');
    await until(() => errors.length > 0);
    server.put(PODS, pod('after'));
    await until(() => reflector.get('apps/after') !== undefined);
    expect(String(errors[0])).toContain('not an event');
  });

  it('keeps trying while the API is away and syncs when it is back', async () => {
    await using server = await startFakeApiServer();
    for (let index = 0; index < 5; index += 1) server.failNext({ status: 503, reason: 'ServiceUnavailable' });
    server.put(PODS, pod('late'));
    await using client = createKubeClient(server.config);
    let failures = 0;
    await using reflector = createReflector(client.resource(kinds.pods, 'apps'), {
      ...FAST,
      onError: () => (failures += 1),
    });
    reflector.start();
    await reflector.synced;
    expect(failures).toBe(5);
    expect(reflector.get('apps/late')).toBeDefined();
  });

  it('can be disposed before it ever reached the API', async () => {
    const server = await startFakeApiServer();
    await server[Symbol.asyncDispose]();
    await using client = createKubeClient(server.config);
    const reflector = createReflector(client.resource(kinds.pods, 'apps'), FAST);
    reflector.start();
    await reflector[Symbol.asyncDispose]();
    await expect(reflector.synced).resolves.toBeUndefined();
  });
});

const trouble = fc.constantFrom('put', 'put', 'put', 'remove', 'cut', 'end', 'compact', 'refuse', 'bookmark');
const names = ['a', 'b', 'c', 'd'];

/** One thing that happens to the cluster or to the connection. */
function happen(server: FakeApiServer, event: string, name: string, step: number): void {
  if (event === 'put') server.put(PODS, pod(name, String(step)));
  if (event === 'remove') server.remove(PODS, name);
  if (event === 'cut') server.cutWatches();
  if (event === 'end') server.endWatches();
  if (event === 'compact') server.compact();
  if (event === 'bookmark') server.sendBookmarks();
  if (event === 'refuse') server.failNext({ status: 500, reason: 'InternalError', path: PODS });
}

describe('any reflector under random trouble', () => {
  it('ends with exactly the objects of the server, and its changes alone rebuild them', async () => {
    const story = fc.array(fc.tuple(trouble, fc.constantFrom(...names)), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(story, async (events) => {
        await using server = await startFakeApiServer();
        await using client = createKubeClient(server.config);
        await using reflector = createReflector(client.resource(kinds.pods, 'apps'), {
          backoff: { baseMs: 1, maxMs: 2 },
        });
        const rebuilt = new Map<string, string>();
        reflector.on((change) => {
          if (change.type === 'deleted') rebuilt.delete(change.key);
          else rebuilt.set(change.key, change.object.metadata?.resourceVersion ?? '');
        });
        reflector.start();
        for (const [step, [event, name]] of events.entries()) {
          happen(server, event, name, step);
          if (step % 3 === 0) await new Promise(setImmediate);
        }
        const truth = (): string => versions(server, names).join();
        const held = (): string => sortedVersions(reflector.items()).join();
        await until(() => held() === truth() && reflector.hasSynced);
        expect([...rebuilt.values()].toSorted().join()).toBe(truth());
      }),
      { numRuns: 40 },
    );
  });
});
