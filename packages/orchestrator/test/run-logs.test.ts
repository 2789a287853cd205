/** Logs of a run and events, as streams: nothing is lost and nothing comes twice, however often the reader comes again. */

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { pullRequestPayload } from '../src/testing/index.ts';
import { startApiRig, type ApiRig, type CallerName } from './api-rig.ts';
import { eventually } from './eventually.ts';
import { API_TOKEN } from './orchestrator-rig.ts';

const NAMESPACE = 'shop-runs';
const PODS = `/api/v1/namespaces/${NAMESPACE}/pods`;

interface StreamedEvent {
  readonly id: string;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

let api: ApiRig;
let run: string;
let pullRequest = 0;

beforeAll(async () => {
  api = await startApiRig();
});
afterAll(async () => api[Symbol.asyncDispose]());

beforeEach(async () => {
  pullRequest += 1;
  const body = { changed_app: 'shop-api', pr_number: pullRequest };
  const made: { pipelinerun: string } = JSON.parse(
    await (await api.as('shop-runner', 'POST', '/api/run', { body })).text(),
  );
  run = made.pipelinerun;
  await vi.waitFor(
    async () => {
      expect((await api.as('shop-viewer', 'GET', `/api/runs/${NAMESPACE}/${run}`)).status).toBe(200);
    },
    { timeout: 30_000 },
  );
});

interface PodFields {
  readonly task: string;
  readonly created: string;
  /** Container to its log; a line is `<time> <text>`. */
  readonly steps: Readonly<Record<string, readonly string[]>>;
  readonly phase?: string;
}

function putPod(name: string, { task, created, steps, phase = 'Succeeded' }: PodFields): void {
  const containers = Object.keys(steps).map((container) => ({ name: container }));
  api.rig.api.put(PODS, {
    metadata: {
      name,
      creationTimestamp: created,
      labels: { 'tekton-dag.io/run': run, 'tekton.dev/taskRun': name, 'tekton.dev/pipelineTask': task },
    },
    spec: { containers: [...containers, { name: 'sidecar-noise' }] },
    status: { phase, containerStatuses: containers.map((found) => ({ ...found, state: { running: {} } })) },
  });
  for (const [container, lines] of Object.entries(steps)) {
    api.rig.api.setLog(`${PODS}/${name}#${container}`, lines.map((line) => `${line}\n`).join(''));
  }
}

async function finishRun(status: 'True' | 'False' = 'True'): Promise<void> {
  const path = `/apis/tekton.dev/v1/namespaces/${NAMESPACE}/pipelineruns`;
  const found = api.rig.api.get(path, run);
  const conditions = [{ type: 'Succeeded', status, reason: status === 'True' ? 'Succeeded' : 'Failed' }];
  api.rig.api.put(path, { ...found, status: { conditions, completionTime: new Date().toISOString() } });
  await eventually(async () =>
    JSON.parse(await (await api.as('shop-viewer', 'GET', `/api/runs/${NAMESPACE}/${run}`)).text()),
  ).toMatchObject({ state: status === 'True' ? 'succeeded' : 'failed' });
}

/** Reads until the stream ends, or `limit` events have come. */
async function read(
  path: string,
  {
    lastId,
    limit = Infinity,
    caller = 'shop-viewer',
  }: { lastId?: string; limit?: number; caller?: CallerName } = {},
): Promise<StreamedEvent[]> {
  const stop = new AbortController();
  const headers = lastId === undefined ? {} : { 'last-event-id': lastId };
  const response = await api.as(caller, 'GET', path, { headers, signal: stop.signal });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const events: StreamedEvent[] = [];
  let rest = '';
  for await (const chunk of response.body ?? []) {
    rest += Buffer.from(chunk).toString();
    const blocks = rest.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) events.push(...parseEvent(block));
    if (events.length >= limit) break;
  }
  stop.abort();
  return events.slice(0, limit);
}

function parseEvent(block: string): StreamedEvent[] {
  const fields = new Map(
    block.split('\n').map((line) => {
      const [, name = '', value = ''] = /^(\w*): (.*)$/s.exec(line) ?? [];
      return [name, value] as const;
    }),
  );
  const data = fields.get('data');
  if (data === undefined) return [];
  return [{ id: fields.get('id') ?? '', event: fields.get('event') ?? '', data: JSON.parse(data) }];
}

const logsPath = (): string => `/api/runs/${NAMESPACE}/${run}/logs`;
const textOf = ({ data, event }: StreamedEvent): string =>
  event === 'end'
    ? `end ${String(data['state'])}`
    : `${String(data['task'])} ${String(data['step'])}: ${String(data['line'])}`;

function putThreePods(): void {
  putPod(`${run}-prepare-pod`, {
    task: 'prepare',
    created: '2026-01-02T03:04:05Z',
    steps: {
      'step-fetch': [
        '2026-01-02T03:04:06.5Z cloning',
        '2026-01-02T03:04:06.5Z cloning',
        '2026-01-02T03:04:06.52Z done',
      ],
      'step-plan': ['2026-01-02T03:04:07Z one app to build'],
    },
  });
  for (const app of ['b', 'a']) {
    putPod(`${run}-build-${app}-pod`, {
      task: `build-${app}`,
      created: '2026-01-02T03:04:10Z',
      steps: {
        'step-compile': [
          `2026-01-02T03:04:11.000000001Z ${app} 1`,
          `2026-01-02T03:04:11.000000002Z ${app} 2`,
        ],
      },
    });
  }
}

const ALL = [
  'prepare fetch: cloning',
  'prepare fetch: cloning',
  'prepare fetch: done',
  'prepare plan: one app to build',
  'build-a compile: a 1',
  'build-a compile: a 2',
  'build-b compile: b 1',
  'build-b compile: b 2',
  'end succeeded',
];

describe('the logs of a run', () => {
  it('come pod by pod and step by step, and end with the run', async () => {
    putThreePods();
    await finishRun();
    expect((await read(logsPath())).map(textOf)).toEqual(ALL);
  });

  it('go on after any line, with what follows and nothing else', async () => {
    putThreePods();
    await finishRun();
    const events = await read(logsPath());
    for (const [index, { id }] of events.slice(0, -1).entries()) {
      const rest = await read(logsPath(), { lastId: id });
      expect(rest.map(textOf), id).toEqual(ALL.slice(index + 1));
    }
    const end = await api.as('shop-viewer', 'GET', logsPath(), { headers: { 'last-event-id': 'end' } });
    expect(end.status).toBe(204);
  });

  it('go on where the pod itself is gone', async () => {
    putThreePods();
    await finishRun();
    const [first] = await read(logsPath(), { limit: 1 });
    api.rig.api.remove(PODS, `${run}-prepare-pod`);
    expect((await read(logsPath(), { lastId: first?.id ?? '' })).map(textOf)).toEqual(ALL.slice(4));
  });

  it('come while the run goes on', async () => {
    const created = '2026-01-02T03:04:05Z';
    const line = '2026-01-02T03:04:06Z started';
    putPod(`${run}-test-pod`, { task: 'test', created, steps: { 'step-run': [line] }, phase: 'Running' });
    const [first] = await read(logsPath(), { limit: 1 });
    expect(first?.data['line']).toBe('started');
    const rest = read(logsPath(), { lastId: first?.id ?? '' });
    const lines = [line, '2026-01-02T03:04:07Z more'];
    putPod(`${run}-test-pod`, { task: 'test', created, steps: { 'step-run': lines }, phase: 'Failed' });
    await finishRun('False');
    expect((await rest).map(textOf)).toEqual(['test run: more', 'end failed']);
  });

  it('hold no secret of the service, and no line without end', async () => {
    putPod(`${run}-test-pod`, {
      task: 'test',
      created: '2026-01-02T03:04:05Z',
      steps: {
        'step-run': [
          `2026-01-02T03:04:06Z token ${API_TOKEN} and https://bot:pass-word@git.example.com`,
          `2026-01-02T03:04:07Z ${'x'.repeat(100_000)}`,
          '2026-01-02T03:04:08Z data: {}\r',
        ],
      },
    });
    await finishRun();
    const [secret, long, strange] = await read(logsPath());
    expect(secret?.data['line']).toBe('token [secret] and https://bot:[secret]@git.example.com');
    expect(String(long?.data['line']).length).toBeLessThan(20_000);
    expect(strange?.data['line']).toBe('data: {}');
  });

  it('are taken up again where the API server cut them off', async () => {
    putThreePods();
    await finishRun();
    // Inside the second line, after the first, and before any.
    for (const characters of [50, 31, 0]) api.rig.api.cutNextLog(characters);
    expect((await read(logsPath())).map(textOf)).toEqual(ALL);
  });

  it('leave out a container whose log is no more', async () => {
    putThreePods();
    await finishRun();
    api.rig.api.failNext({ status: 404, reason: 'NotFound', method: 'GET', path: 'build-a-pod/log' });
    expect((await read(logsPath())).map(textOf)).toEqual(ALL.filter((text) => !text.startsWith('build-a')));
  });

  it.each(['1', 'x/y:z', '%0a', '../..'])('refuse a place that is not theirs: %s', async (id) => {
    const response = await api.as('shop-viewer', 'GET', logsPath(), { headers: { 'last-event-id': id } });
    expect(response.status).toBe(400);
  });
});

describe('the events', () => {
  it('come as they happen, only of teams that the caller sees, and go on after any of them', async () => {
    const coming = read('/api/events', { limit: 2 });
    for (const repository of ['acme/bank-api', 'acme/shop-api']) {
      await api.rig.deliver(pullRequestPayload({ repository, number: 900 }), {
        id: `events-of-${repository.slice(5)}`,
      });
    }
    const events = await coming;
    expect(JSON.stringify(events)).not.toContain('bank');
    const all = await read('/api/events?from=start', { limit: 3, caller: 'shop-viewer' });
    const [first] = all;
    const rest = await read('/api/events', { lastId: first?.id ?? '', limit: 2 });
    expect(rest).toEqual(all.slice(1));
    expect(new Set(all.map(({ data }) => data['team']))).toEqual(new Set(['shop']));
  });

  it('end when the service stops', async () => {
    await using another = await startApiRig();
    const open = another.as('all-admin', 'GET', '/api/events?from=start');
    const reading = open.then((response) => response.text());
    await open;
    await another.rig.restart();
    expect(await reading).toMatch(/^retry: \d+\n\n/);
  });
});
