/** Metrics: what a scraper gets, and that docs/observability.md lists all of it. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventually } from './eventually.ts';
import { createMetrics } from '../src/metrics.ts';
import { pipelineRunsIn } from '../src/runs/pipeline-runs.ts';
import { pullRequestPayload, signDelivery } from '../src/testing/index.ts';
import { NAMESPACE, startRig, type Rig } from './orchestrator-rig.ts';

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const SAMPLE = /^([a-z_]+)(?:\{(.*)\})? ([^ ]+)$/;

/** Prometheus' text format, as far as it is used here. */
function parseSamples(text: string): readonly Sample[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
      const pairs = [...labels.matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/g)];
      return {
        name,
        value: Number(value),
        labels: Object.fromEntries(pairs.map(([, key, text]) => [key, text])),
      };
    });
}

const NUMBER = 4_711;
const SHA = 'beefbeefbeefbeefbeefbeefbeefbeefbeefbeef';

const log: string[] = [];
let rig: Rig;
let run = '';
beforeAll(async () => {
  rig = await startRig({ env: { TEKTON_DAG_METRICS_PORT: '0' }, onLog: (line) => log.push(line) });
  const { pipelinerun = '' } = await rig.deliver(pullRequestPayload({ number: NUMBER, headSha: SHA }));
  run = pipelinerun;
  await vi.waitUntil(async () => (await rig.runs()).length > 0, { timeout: 20_000 });
  await rig.deliver(pullRequestPayload({ number: NUMBER, headSha: SHA }), { event: 'star' });
  await rig.send(signDelivery(pullRequestPayload(), { secret: 'guess' }));
  await rig.call('GET', `/api/runs/${NAMESPACE}/${run}`);
  await rig.call('GET', `/api/${run}`);
  await fetch(`${rig.url}/api/runs`);
  const startTime = new Date(Date.now() - 5_000).toISOString();
  await pipelineRunsIn(rig.client, NAMESPACE).patch(run, { status: { startTime } }, { type: 'merge' });
  await rig.endRun(run, 'False', 'Failed');
});
afterAll(async () => rig[Symbol.asyncDispose]());

const scrape = async (): Promise<readonly Sample[]> =>
  parseSamples(await (await rig.call('GET', '/metrics')).text());
const valueOf = async (
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number | undefined> =>
  (await scrape()).find(
    (sample) =>
      sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
  )?.value;

describe('metrics', () => {
  it('count deliveries by outcome and reason', async () => {
    const name = 'tekton_dag_deliveries_total';
    expect(await valueOf(name, { outcome: 'accepted' })).toBe(1);
    expect(await valueOf(name, { outcome: 'ignored', reason: 'event' })).toBe(1);
    expect(await valueOf(name, { outcome: 'refused', reason: 'signature' })).toBe(1);
    await eventually(() => valueOf('tekton_dag_event_to_run_seconds_count', { mode: 'pr' })).toBe(1);
  });

  it('count a delivery whose runs the cluster will not have as failed', async () => {
    const name = 'tekton_dag_dispatches_total';
    expect(await valueOf(name, { outcome: 'failed' })).toBe(0);
    rig.api.failNext({ method: 'POST', path: '/pipelineruns', status: 422, reason: 'Invalid' });
    await rig.deliver(pullRequestPayload({ number: NUMBER + 1 }), { id: 'refused' });
    await eventually(() => valueOf(name, { outcome: 'failed' })).toBe(1);
  });

  it('tell of runs that ended by team, pipeline and status', async () => {
    const labels = { team: 'default', pipeline: 'stack-pr-test', status: 'failed' };
    await eventually(() => valueOf('tekton_dag_pipelinerun_total', labels)).toBe(1);
    expect(await valueOf('tekton_dag_pipelinerun_duration_seconds_bucket', { ...labels, le: '10' })).toBe(1);
  });

  it('tell of requests by the pattern of their route', async () => {
    const name = 'tekton_dag_http_request_duration_seconds_count';
    expect(await valueOf(name, { route: '/api/runs/:namespace/:name', method: 'GET' })).toBe(1);
    expect(await valueOf(name, { route: '/webhook/github', status: '401' })).toBe(1);
    expect(await valueOf(name, { route: 'none', method: 'any', status: '404' })).toBe(1);
    expect(await valueOf('tekton_dag_authentications_total', { outcome: 'missing' })).toBe(1);
  });

  it('tell who leads, what is waiting and how long the store takes', async () => {
    await eventually(() => valueOf('tekton_dag_leader')).toBe(1);
    expect(await valueOf('tekton_dag_leader_acquired_timestamp_seconds')).toBeGreaterThan(1_700_000_000);
    expect(await valueOf('tekton_dag_waiting_deliveries')).toBe(0);
    expect(await valueOf('tekton_dag_oldest_waiting_delivery_seconds')).toBe(0);
    expect(
      await valueOf('tekton_dag_store_query_duration_seconds_count', { kind: 'insert' }),
    ).toBeGreaterThan(0);
    expect(await valueOf('tekton_dag_build_info', { version: '0.1.0' })).toBe(1);
    expect(await valueOf('nodejs_eventloop_lag_seconds')).toBeDefined();
  });

  it('have no label that holds a run, a commit or a pull request', async () => {
    const values = (await scrape()).flatMap(({ labels }) => Object.values(labels));
    const telling = values.filter(
      (value) => value.includes(run) || value.includes(SHA.slice(0, 7)) || value.includes(String(NUMBER)),
    );
    expect(telling).toEqual([]);
    expect(values.length).toBeGreaterThan(100);
  });
});

describe('the port for metrics alone', () => {
  it('asks for no token and serves nothing else', async () => {
    const told = log.find((line) => line.includes('metrics are served without a token'));
    const { port }: { port?: number } = JSON.parse(told ?? '{}');
    const open = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect(open.status).toBe(200);
    expect(open.headers.get('content-type')).toContain('text/plain');
    expect(await open.text()).toContain('tekton_dag_build_info');
    expect((await fetch(`http://127.0.0.1:${port}/api/runs`)).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${port}/metrics`, { method: 'POST' })).status).toBe(404);
  });

  it('leaves the other one behind its token', async () => {
    expect((await fetch(`${rig.url}/metrics`)).status).toBe(401);
  });
});

describe('docs/observability.md', () => {
  it('lists every metric with its kind, labels and help', async () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/observability.md'), 'utf8');
    const documented = page.split('\n').filter((line) => line.startsWith('| tekton_dag_'));
    const all = await createMetrics('0').registry.getMetricsAsJSON();
    const own = all.filter(({ name }) => name.startsWith('tekton_dag_'));
    const names = documented.map((line) => line.split('|')[1]?.trim());
    expect(new Set(names)).toEqual(new Set(own.map(({ name }) => name)));
    for (const { name, type, help } of own) {
      const row = documented.find((line) => line.startsWith(`| ${name} `));
      expect(row, name).toContain(`| ${type} `);
      expect(row, name).toContain(help.replaceAll('|', String.raw`\|`));
    }
  });

  it('holds only names with a unit: counters end in _total, times in _seconds', async () => {
    const all = await createMetrics('0').registry.getMetricsAsJSON();
    const own = all.filter(({ name }) => name.startsWith('tekton_dag_'));
    for (const { name, type } of own) {
      if (String(type) === 'counter') expect(name).toMatch(/_total$/);
      if (String(type) === 'histogram') expect(name).toMatch(/_(seconds|bytes)$/);
    }
  });
});
