/** The event log, and the sink that gets it as CloudEvents with CDEvents in them. */

import { kinds } from '@tekton-dag/kube';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eventually } from './eventually.ts';
import { pipelineRunsIn } from '../src/runs/pipeline-runs.ts';
import { pullRequestPayload } from '../src/testing/index.ts';
import { NAMESPACE, startRig, type Rig } from './orchestrator-rig.ts';

/** CloudEvents 1.0, JSON format, with a CDEvent of spec 0.4 as its data. */
const cloudEvent = z.object({
  specversion: z.literal('1.0'),
  id: z.string().min(1),
  source: z.string().min(1),
  type: z.string(),
  subject: z.string().min(1),
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/cdevents+json'),
  data: z.strictObject({
    context: z.strictObject({
      version: z.literal('0.4.1'),
      id: z.string(),
      source: z.string(),
      type: z.string(),
      timestamp: z.iso.datetime(),
    }),
    subject: z.strictObject({
      id: z.string().min(1),
      source: z.string(),
      type: z.string(),
      content: z.record(z.string(), z.unknown()),
    }),
    customData: z.record(z.string(), z.unknown()),
    customDataContentType: z.literal('application/json'),
  }),
});
type Received = z.output<typeof cloudEvent>;

interface Sink extends AsyncDisposable {
  readonly url: string;
  readonly received: Received[];
  readonly headers: Record<string, unknown>[];
  /** Statuses of the next answers; 202 after them. */
  readonly statuses: number[];
}

async function startSink(): Promise<Sink> {
  const received: Received[] = [];
  const headers: Record<string, unknown>[] = [];
  const statuses: number[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      headers.push(request.headers);
      const status = statuses.shift() ?? 202;
      if (status === 202) received.push(cloudEvent.parse(JSON.parse(body)));
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/events`,
    received,
    headers,
    statuses,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

let sink: Sink;
let rig: Rig;
beforeAll(async () => {
  sink = await startSink();
  rig = await startRig({
    env: { TEKTON_DAG_EVENTS_SINK_URL: sink.url, TEKTON_DAG_PUBLIC_URL: 'https://dag.example.com/' },
  });
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await sink[Symbol.asyncDispose]();
});

const about = (subject: string): string[] =>
  sink.received.filter((event) => event.subject === subject).map(({ type }) => type);
const find = (type: string, subject: string): Received | undefined =>
  sink.received.find((event) => event.type === type && event.subject === subject);

async function openAndStart(number: number): Promise<string> {
  const { pipelinerun = '' } = await rig.deliver(pullRequestPayload({ number }));
  await eventually(async () => (await rig.runs()).map(({ metadata }) => metadata.name)).toContain(
    pipelinerun,
  );
  const startTime = new Date().toISOString();
  await pipelineRunsIn(rig.client, NAMESPACE).patch(
    pipelinerun,
    { status: { startTime } },
    { type: 'merge' },
  );
  return pipelinerun;
}

describe('the sink', () => {
  it('gets the life of a run in order, in the words of CDEvents', async () => {
    const run = await openAndStart(1);
    await rig.endRun(run, 'False', 'Failed');
    const subject = `${NAMESPACE}/${run}`;
    await eventually(() => about(subject)).toEqual([
      'dev.cdevents.pipelinerun.queued.0.2.0',
      'dev.cdevents.pipelinerun.started.0.2.0',
      'dev.cdevents.pipelinerun.finished.0.2.0',
    ]);
    const finished = find('dev.cdevents.pipelinerun.finished.0.2.0', subject);
    expect(finished?.source).toBe('https://dag.example.com');
    expect(finished?.data).toMatchObject({
      context: {
        id: finished?.id,
        source: finished?.source,
        type: finished?.type,
        timestamp: finished?.time,
      },
      subject: {
        id: subject,
        type: 'pipelineRun',
        content: {
          pipelineName: 'stack-pr-test',
          outcome: 'failure',
          errors: 'Failed',
          url: `https://dag.example.com/api/runs/${subject}`,
        },
      },
      customData: { team: 'default', stack: 'stack-one', repository: 'acme/demo-api', pull_request: 1 },
    });
    expect(sink.headers[0]?.['content-type']).toContain('application/cloudevents+json');
  });

  it('learns of a merge once', async () => {
    const merged = { action: 'closed', number: 2, merged: true, mergeSha: 'd'.repeat(40) };
    await rig.deliver(pullRequestPayload(merged), { id: 'merge-once' });
    await rig.deliver(pullRequestPayload(merged), { id: 'merge-twice' });
    await eventually(() => about('acme/demo-api#2')).toEqual(['dev.cdevents.change.merged.0.2.0']);
    const run = await openAndStart(3);
    await eventually(() => about(`${NAMESPACE}/${run}`).length).toBe(2);
    expect(about('acme/demo-api#2')).toHaveLength(1);
    await rig.endRun(run, 'True', 'Succeeded');
  });

  it('gets each event although it was away, and nothing else waits for it', async () => {
    sink.statuses.push(503, 429, 500);
    const run = await openAndStart(4);
    await rig.endRun(run, 'True', 'Succeeded');
    await eventually(() => about(`${NAMESPACE}/${run}`).length).toBe(3);
    expect(
      find('dev.cdevents.pipelinerun.finished.0.2.0', `${NAMESPACE}/${run}`)?.data.subject.content,
    ).toMatchObject({
      outcome: 'success',
    });
  });

  it('is not asked again for what it will never take', async () => {
    const before = sink.headers.length;
    sink.statuses.push(422);
    const run = await openAndStart(5);
    await eventually(() => about(`${NAMESPACE}/${run}`)).toEqual(['dev.cdevents.pipelinerun.started.0.2.0']);
    expect(sink.headers.length - before).toBe(2);
    await rig.endRun(run, 'True', 'Succeeded');
  });

  it('gets what a run left in its record: the verdict of the tests, and the images that were released', async () => {
    const run = await openAndStart(7);
    const digest = `sha256:${'a'.repeat(64)}`;
    const image = 'registry.example.com/acme/demo-api';
    const built = { image, digest, contentKey: 'k' };
    const result = {
      app: 'demo-api',
      kind: 'postman',
      outcome: 'passed',
      tests: 4,
      failures: 0,
      durationMs: 1,
    };
    await rig.client.resource(kinds.configmaps, NAMESPACE).create({
      metadata: { name: run },
      data: {
        'images.json': JSON.stringify({
          'demo-api': { ...built, reused: false },
          'demo-fe': { ...built, reused: true },
        }),
        'tests.json': JSON.stringify({ verdict: 'passed', results: [result] }),
        'release.json': JSON.stringify({
          apps: { 'demo-api': { released: '1.2.3', next: '1.2.4-rc.0', image, digest } },
        }),
      },
    });
    await rig.endRun(run, 'True', 'Succeeded');
    await eventually(() => about(`${NAMESPACE}/${run}/tests`)).toEqual([
      'dev.cdevents.testsuiterun.finished.0.2.0',
    ]);
    const published = 'dev.cdevents.artifact.published.0.2.0';
    await eventually(() => sink.received.find(({ type }) => type === published)?.subject).toMatch(
      /^pkg:oci\/demo-api@sha256%3Aa+\?repository_url=/,
    );
    const metrics = await (await rig.call('GET', '/metrics')).text();
    expect(metrics).toContain('tekton_dag_planned_apps_total{outcome="built"} 1');
    expect(metrics).toContain('tekton_dag_planned_apps_total{outcome="reused"} 1');
  });

  it('gets what happened while the service was down, and not all of it again', async () => {
    const run = await openAndStart(6);
    await eventually(() => about(`${NAMESPACE}/${run}`).length).toBe(2);
    const restarted = rig.restart();
    await rig.endRun(run, 'False', 'PipelineRunTimeout');
    await restarted;
    await eventually(() => about(`${NAMESPACE}/${run}`)).toContain('dev.cdevents.pipelinerun.finished.0.2.0');
    const ids = sink.received.map(({ id }) => id);
    // The one that was under way may come twice: at least once is the promise.
    expect(ids.length - new Set(ids).size).toBeLessThanOrEqual(1);
  });
});
