/** Cancelling and repeating runs over the API. */

import type { PipelineRun } from '@tekton-dag/model';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { pipelineRunsIn } from '../src/runs/pipeline-runs.ts';
import { runRecord } from '../src/testing/run-record.ts';
import { startApiRig, TWO_TEAMS, type ApiRig, type CallerName } from './api-rig.ts';
import { eventually } from './eventually.ts';

const NAMESPACE = 'shop-runs';
const PATH = `/apis/tekton.dev/v1/namespaces/${NAMESPACE}/pipelineruns`;

let api: ApiRig;
let pullRequest = 0;

beforeAll(async () => {
  const team = `${TWO_TEAMS['teams/default/team.yaml']}maxConcurrentRuns: 100\n`;
  api = await startApiRig({ files: { 'teams/default/team.yaml': team } });
});
afterAll(async () => api[Symbol.asyncDispose]());

/** A new run that is live and in the history. */
async function startRun(mode: 'pr' | 'merge' = 'pr'): Promise<string> {
  pullRequest += 1;
  const body = { mode, changed_app: 'shop-api', pr_number: pullRequest };
  const response = await api.as('shop-runner', 'POST', '/api/run', { body });
  const { pipelinerun }: { pipelinerun: string } = JSON.parse(await response.text());
  await vi.waitFor(async () => expect((await read(pipelinerun)).state).toBe('running'), { timeout: 20_000 });
  return pipelinerun;
}

async function read(name: string): Promise<Record<string, unknown>> {
  const response = await api.as('shop-viewer', 'GET', `/api/runs/${NAMESPACE}/${name}`);
  const run: Record<string, unknown> = JSON.parse(await response.text());
  return run;
}

async function act(name: string, action: string, caller: CallerName = 'shop-runner', body?: object) {
  const path = `/api/runs/${NAMESPACE}/${name}/${action}`;
  const response = await api.as(caller, 'POST', path, body === undefined ? {} : { body });
  const answer: Record<string, unknown> = JSON.parse(await response.text());
  return { code: response.status, answer };
}

async function finish(name: string, status: 'True' | 'False', more: object = {}): Promise<void> {
  const conditions = [{ type: 'Succeeded', status, reason: status === 'True' ? 'Succeeded' : 'Failed' }];
  api.rig.api.put(PATH, {
    ...api.rig.api.get(PATH, name),
    status: { ...more, conditions, completionTime: new Date().toISOString() },
  });
  await eventually(async () => (await read(name))['state']).toMatch(/succeeded|failed/);
}

async function clusterRun(name: unknown): Promise<PipelineRun | undefined> {
  const { items } = await pipelineRunsIn(api.rig.client, NAMESPACE).list();
  return items.find(({ metadata }) => metadata.name === name);
}

describe('cancel', () => {
  it('asks the run to stop, with its cleanup', async () => {
    const name = await startRun();
    expect(await act(name, 'cancel')).toMatchObject({
      code: 202,
      answer: { status: 'cancelling', pipelinerun: name },
    });
    expect((await clusterRun(name))?.spec.status).toBe('CancelledRunFinally');
  });

  it('is no matter of viewers', async () => {
    const name = await startRun();
    expect(await act(name, 'cancel', 'both-viewer')).toMatchObject({
      code: 403,
      answer: { code: 'forbidden' },
    });
    expect((await clusterRun(name))?.spec.status).toBeUndefined();
    await finish(name, 'True');
  });

  it('leaves a release to admins', async () => {
    const name = await startRun('merge');
    expect(await act(name, 'cancel')).toMatchObject({ code: 403, answer: { code: 'forbidden' } });
    expect((await clusterRun(name))?.spec.status).toBeUndefined();
    expect(await act(name, 'cancel', 'shop-admin')).toMatchObject({ code: 202 });
  });

  it('says that a run has ended, or is not there', async () => {
    const name = await startRun();
    await finish(name, 'False');
    expect(await act(name, 'cancel')).toMatchObject({ code: 409, answer: { code: 'run-finished' } });
    expect(await act('none', 'cancel')).toMatchObject({ code: 404, answer: { code: 'not-found' } });
  });
});

describe('rerun', () => {
  it('continues a run that failed, and waits for a slot as every run does', async () => {
    const name = await startRun();
    await finish(name, 'False');
    const { code, answer } = await act(name, 'rerun');
    expect({ code, answer }).toMatchObject({
      code: 200,
      answer: { status: 'created', namespace: NAMESPACE },
    });
    const again = await clusterRun(answer['pipelinerun']);
    expect(again?.spec.pipelineRef?.name).toBe('stack-pr-continue');
  });

  it('from the start makes the same run under another name', async () => {
    const name = await startRun();
    await finish(name, 'True');
    const { answer } = await act(name, 'rerun', 'shop-runner', { from: 'start' });
    const [old, again] = [await clusterRun(name), await clusterRun(answer['pipelinerun'])];
    expect(again?.metadata.name).not.toBe(name);
    expect(again?.spec.params).toEqual(old?.spec.params);
    expect(again?.spec.pipelineRef).toEqual(old?.spec.pipelineRef);
  });

  it('exact makes a run of the same commits, and fetches its catalog', async () => {
    const name = await startRun();
    const sha = (digit: string): string => digit.repeat(40);
    const old = await clusterRun(name);
    const annotations = {
      ...old?.metadata.annotations,
      'tekton-dag.io/catalog-url': 'https://github.com/acme/tekton-dag',
      'tekton-dag.io/catalog-revision': sha('c'),
    };
    const results = [{ name: 'platform-revision', value: sha('d') }];
    const stored = api.rig.api.get(PATH, name);
    api.rig.api.put(PATH, { ...stored, metadata: { ...stored?.metadata, annotations }, status: { results } });
    api.rig.api.put(`/api/v1/namespaces/${NAMESPACE}/configmaps`, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: NAMESPACE },
      data: runRecord(),
    });
    await finish(name, 'False', { results });
    expect(await read(name)).toMatchObject({
      provenance: { platform: { revision: sha('d') }, catalog: { revision: sha('c'), pinned: false } },
    });
    const { code, answer } = await act(name, 'rerun', 'shop-runner', { from: 'exact' });
    expect({ code, answer }).toMatchObject({ code: 200 });
    const again = await clusterRun(answer['pipelinerun']);
    expect(again?.spec.pipelineRef?.resolver).toBe('git');
    expect(again?.spec.params).toContainEqual({ name: 'git-revision', value: sha('d') });
    expect(again?.spec.params).toContainEqual({ name: 'catalog-revision', value: sha('c') });
    expect(again?.metadata.annotations).toMatchObject({ 'tekton-dag.io/repeats': name });
  });

  it('exact is refused where the versions were not recorded, in words', async () => {
    const name = await startRun();
    await finish(name, 'False');
    const { code, answer } = await act(name, 'rerun', 'shop-runner', { from: 'exact' });
    expect({ code, answer }).toMatchObject({ code: 409, answer: { code: 'not-continuable' } });
    expect(String(answer['detail'])).toContain('does not say the commit of its platform repository');
  });

  it('exact says of a run that is gone what it was made of', async () => {
    const name = await startRun();
    await finish(name, 'True', { results: [{ name: 'platform-revision', value: 'e'.repeat(40) }] });
    api.rig.api.remove(PATH, name);
    const { code, answer } = await act(name, 'rerun', 'shop-runner', { from: 'exact' });
    expect({ code, answer }).toMatchObject({ code: 404, answer: { code: 'not-found' } });
    expect(String(answer['detail'])).toContain(
      'is gone from the cluster; it was made of platform eeeeeeeeeeee',
    );
  });

  it.each(['failed', 'start', 'exact'])('from %s makes no release twice', async (from) => {
    const name = await startRun('merge');
    await finish(name, 'True', { results: [{ name: 'platform-revision', value: 'e'.repeat(40) }] });
    const before = (await pipelineRunsIn(api.rig.client, NAMESPACE).list()).items.length;
    const { code, answer } = await act(name, 'rerun', 'shop-admin', { from });
    expect({ code, answer }).toMatchObject({ code: 409, answer: { code: 'not-continuable' } });
    expect((await pipelineRunsIn(api.rig.client, NAMESPACE).list()).items).toHaveLength(before);
  });

  it('from the start goes on with a release that failed', async () => {
    const name = await startRun('merge');
    await finish(name, 'False');
    expect(await act(name, 'rerun', 'shop-runner', { from: 'start' })).toMatchObject({ code: 200 });
  });

  it.each(['failed', 'start', 'exact'])('from %s leaves a test of a later commit alone', async (from) => {
    const old = await startRun();
    await finish(old, 'False');
    const body = {
      mode: 'pr',
      changed_app: 'shop-api',
      pr_number: pullRequest,
      app_revisions: { 'shop-api': 'f'.repeat(40) },
    };
    const response = await api.as('shop-runner', 'POST', '/api/run', { body });
    const { pipelinerun }: { pipelinerun: string } = JSON.parse(await response.text());
    await eventually(async () => (await read(pipelinerun))['state']).toBe('running');
    const { code, answer } = await act(old, 'rerun', 'shop-runner', { from });
    expect({ code, answer }).toMatchObject({ code: 409, answer: { code: 'not-continuable' } });
    expect(answer['detail']).toContain(`run ${pipelinerun} tests a later commit than ${old}`);
    expect((await clusterRun(pipelinerun))?.spec.status).toBeUndefined();
    await finish(pipelinerun, 'True');
  });

  it('is refused while the run goes on, and to viewers', async () => {
    const name = await startRun();
    const refused = await act(name, 'rerun', 'shop-runner', { from: 'start' });
    expect(refused).toMatchObject({ code: 409, answer: { code: 'not-continuable' } });
    expect(await act(name, 'rerun', 'shop-viewer')).toMatchObject({ code: 403 });
    expect(await act(name, 'rerun', 'shop-runner', { from: 'the middle' })).toMatchObject({ code: 400 });
  });

  it('with an Idempotency-Key makes one run', async () => {
    const name = await startRun();
    await finish(name, 'False');
    const path = `/api/runs/${NAMESPACE}/${name}/rerun`;
    const headers = { 'idempotency-key': `rerun-of-${name}` };
    const first = await (await api.as('shop-runner', 'POST', path, { headers })).text();
    const second = await api.as('shop-runner', 'POST', path, { headers });
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(await second.text()).toBe(first);
  });
});

it('both are written down', async () => {
  const name = await startRun();
  await act(name, 'cancel', 'shop-viewer');
  await act(name, 'cancel');
  const entries: { caller: string; outcome: string; subject: string; team: string }[] = JSON.parse(
    await (await api.as('all-admin', 'GET', '/api/audit?limit=2')).text(),
  );
  const subject = `${NAMESPACE}/${name}`;
  expect(entries).toMatchObject([
    { caller: 'token/shop-runner', outcome: 'allowed', subject, team: 'shop' },
    { caller: 'token/shop-viewer', outcome: 'refused', subject: `/api/runs/${subject}/cancel`, team: '' },
  ]);
});
