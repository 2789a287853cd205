/** Leases and cleanup of the backends that steal behind the router, against an API over HTTP. */
import { kinds, waitFor, type GenericObject } from '@tekton-dag/kube';
import { describe, expect, it } from 'vitest';
import { acquireInterceptLease } from '../src/deploy-taps/acquire-intercept-lease.ts';
import type { InterceptRoom } from '../src/deploy-intercepts/intercept-room.ts';
import { interceptInputOf } from '../src/deploy-taps/testing/intercept-input.ts';
import { APPS, createStepRig, PIPELINE_RUNS, RUN, RUNS, type StepRig } from './step-rig.ts';
import { awaitTap } from '../src/deploy-taps/await-tap.ts';
import { requireTap } from '../src/traffic/require-tap.ts';
import { Writable } from 'node:stream';

const HOLDER = 'stack-pr-7-holder00';
const SESSION = 'pr-4-abcdef';
const WAIT = { timeoutMs: 60_000 };

const sink = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });

const roomOf = async (rig: StepRig, run: string): Promise<InterceptRoom> => {
  await rig.client
    .resource(kinds.configmaps, RUNS)
    .create({ metadata: { name: run, namespace: RUNS }, data: {} });
  return {
    client: rig.client,
    run: { namespace: RUNS, name: run },
    plan: interceptInputOf({ session: SESSION }).plan,
    images: {},
    context: {
      env: {},
      cwd: '/',
      stdout: sink(),
      stderr: sink(),
      signal: AbortSignal.timeout(120_000),
      startSessionProxy: () => Promise.reject(new Error('unused')),
    },
    env: {
      RUN_NAME: run,
      RUN_NAMESPACE: RUNS,
      BUILD_APPS: [],
      PROPAGATION_CHAIN: [],
      INTERCEPT_HEADER_VALUE: '',
      DEFAULT_NAMESPACE: '',
      ROLLOUT_TIMEOUT_SECONDS: 1,
      ARRIVAL_TIMEOUT_SECONDS: 1,
      DEPLOYED_PODS_PATH: '',
    },
  };
};

const acquire = async (room: InterceptRoom, timeoutMs = 60_000): Promise<void> =>
  await acquireInterceptLease(room, { app: 'api', timeoutMs });

const holderIn = async (rig: StepRig): Promise<string | undefined> =>
  (await rig.client.resource(kinds.leases, APPS).get('tekton-dag-intercept-api'))?.spec?.holderIdentity;

const putRun = (rig: StepRig, name: string, status: object): void =>
  void rig.api.put(PIPELINE_RUNS, { metadata: { name, namespace: RUNS, uid: name }, spec: {}, status });

const openRig = async (): Promise<StepRig> => await createStepRig();

describe('the lease of an app', () => {
  it('makes the second run wait until the first is over, and says so in its record', async () => {
    await using rig = await openRig();
    putRun(rig, HOLDER, {});
    await acquire(await roomOf(rig, HOLDER));
    const second = await roomOf(rig, RUN);
    const acquired = acquire(second);
    const records = rig.client.resource(kinds.configmaps, RUNS);
    expect((await waitFor(records, RUN, ({ data }) => data?.['waiting.json'] !== undefined, WAIT)).ok).toBe(
      true,
    );
    expect(rig.record('waiting.json')).toMatchObject({
      app: 'api',
      holder: { namespace: RUNS, name: HOLDER },
    });
    expect(await holderIn(rig)).toBe(`${RUNS}/${HOLDER}`);
    putRun(rig, HOLDER, { completionTime: '2026-01-01T00:00:00Z' });
    await acquired;
    expect(await holderIn(rig)).toBe(`${RUNS}/${RUN}`);
    expect(rig.record('waiting.json')).toBeUndefined();
  });

  it('goes to one of two runs that find its holder gone, and what the holder left goes', async () => {
    await using rig = await openRig();
    await acquire(await roomOf(rig, HOLDER));
    const labels = {
      'tekton-dag.io/run': HOLDER,
      'tekton-dag.io/session': SESSION,
      'app.kubernetes.io/component': 'tap-agent',
    };
    rig.api.put(`/apis/batch/v1/namespaces/${APPS}/jobs`, {
      metadata: { name: 'agent', namespace: APPS, labels },
    });
    const names = [RUN, 'stack-pr-9-other000'];
    putRun(rig, 'stack-pr-9-other000', {});
    const outcomes = await Promise.allSettled(
      names.map(async (name) => {
        await acquire(await roomOf(rig, name), 1);
        return name;
      }),
    );
    const winners = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(winners).toHaveLength(1);
    expect(await holderIn(rig)).toBe(`${RUNS}/${winners[0]}`);
    expect(rig.api.get(`/apis/batch/v1/namespaces/${APPS}/jobs`, 'agent')).toBeUndefined();
  });

  it('is not waited for without end', async () => {
    await using rig = await openRig();
    putRun(rig, HOLDER, {});
    await acquire(await roomOf(rig, HOLDER));
    await expect(acquire(await roomOf(rig, RUN), 1)).rejects.toThrow(
      `app api is still intercepted by run ${RUNS}/${HOLDER}`,
    );
  });

  it('is kept by a step that is run again', async () => {
    await using rig = await openRig();
    const room = await roomOf(rig, RUN);
    await acquire(room);
    await acquire(room);
    expect(await holderIn(rig)).toBe(`${RUNS}/${RUN}`);
  });
});

describe('cleanup of taps', () => {
  const put = (rig: StepRig, collection: string, name: string, labels: Record<string, string>): void => {
    const object: GenericObject = { metadata: { name, namespace: APPS, labels } };
    rig.api.put(collection, object);
  };
  const PODS = `/api/v1/namespaces/${APPS}/pods`;
  const JOBS = `/apis/batch/v1/namespaces/${APPS}/jobs`;
  const CONFIG_MAPS = `/api/v1/namespaces/${APPS}/configmaps`;
  const LEASES = `/apis/coordination.k8s.io/v1/namespaces/${APPS}/leases`;
  const part = (run: string, component: string) => ({
    'tekton-dag.io/run': run,
    'tekton-dag.io/session': SESSION,
    'app.kubernetes.io/component': component,
  });

  it("removes exactly this run's taps, agents and leases, also beside run records and pods of Tekton", async () => {
    await using rig = await openRig();
    const plan = JSON.stringify(interceptInputOf({ session: SESSION }).plan);
    await rig.client
      .resource(kinds.configmaps, RUNS)
      .create({ metadata: { name: RUN, namespace: RUNS }, data: { 'plan.json': plan } });
    for (const run of [RUN, HOLDER]) {
      put(rig, PODS, `${run}-tap`, part(run, 'tap'));
      put(rig, JOBS, `${run}-agent`, part(run, 'tap-agent'));
      put(rig, CONFIG_MAPS, `${run}-tap`, part(run, 'tap'));
      put(rig, LEASES, `${run}-lease`, part(run, 'lease'));
    }
    const tekton = { 'tekton-dag.io/run': RUN, 'tekton-dag.io/session': SESSION };
    put(rig, PODS, 'test-pod', tekton);
    put(rig, CONFIG_MAPS, 'record', tekton);
    expect(await rig.run('cleanup')).toMatchObject({ code: 0, stderr: '' });
    const gone = [
      [PODS, `${RUN}-tap`],
      [JOBS, `${RUN}-agent`],
      [CONFIG_MAPS, `${RUN}-tap`],
      [LEASES, `${RUN}-lease`],
    ] as const;
    for (const [collection, name] of gone) {
      expect(rig.api.get(collection, name)).toBeUndefined();
      expect(rig.api.get(collection, name.replace(RUN, HOLDER))).toBeDefined();
    }
    expect(rig.api.get(PODS, 'test-pod')).toBeDefined();
    expect(rig.api.get(CONFIG_MAPS, 'record')).toBeDefined();
  });
});

describe('a tap that cannot start', () => {
  it('ends the wait at once, and says why', async () => {
    await using rig = await openRig();
    const name = 'the-tap';
    rig.api.put(`/api/v1/namespaces/${APPS}/pods`, {
      metadata: { name, namespace: APPS },
      status: {
        phase: 'Pending',
        containerStatuses: [
          {
            name: 'tap',
            restartCount: 0,
            state: { waiting: { reason: 'ErrImagePull', message: 'no such image' } },
          },
        ],
      },
    });
    const proof = {
      app: 'api',
      run: RUN,
      namespace: APPS,
      tap: { pod: name, namespace: APPS },
      service: 'api-pr',
      url: 'http://127.0.0.1:9',
      headers: {},
      timeoutMs: 60_000,
      signal: AbortSignal.timeout(60_000),
    };
    await expect(awaitTap(rig.client, proof)).rejects.toThrow(
      'the tap of api cannot start: pod staging/the-tap ErrImagePull: no such image',
    );
  });

  it('is told from one that ended, with the last lines of its log', async () => {
    await using rig = await openRig();
    const terminated = { exitCode: 1, reason: 'Error' };
    rig.api.put(`/api/v1/namespaces/${APPS}/pods`, {
      metadata: { name: 'tap', namespace: APPS },
      status: {
        phase: 'Failed',
        containerStatuses: [{ name: 'tap', restartCount: 0, state: { terminated } }],
      },
    });
    rig.api.setLog(`/api/v1/namespaces/${APPS}/pods/tap`, 'agent lost\n');
    const intercept = { app: 'api', tap: { pod: 'tap', namespace: APPS } };
    await expect(requireTap(rig.client, intercept)).rejects.toThrow(
      'the intercept of api is lost: its tap staging/tap ended with exit code 1 (Error); last log lines: agent lost',
    );
  });
});
