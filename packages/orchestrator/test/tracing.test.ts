/** Traces: one leads from the webhook over its dispatch and the run to each step. */

import type { ResourceDefinition } from '@tekton-dag/kube';
import type { TaskRun } from '@tekton-dag/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { pipelineRunsIn } from '../src/runs/pipeline-runs.ts';
import {
  pullRequestPayload,
  signDelivery,
  startTraceCollector,
  type TraceCollector,
} from '../src/testing/index.ts';
import { NAMESPACE, startRig, WEBHOOK_SECRET, type Rig } from './orchestrator-rig.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SENDER = 'b7ad6b7169203331';
const taskRuns: ResourceDefinition<TaskRun> = {
  group: 'tekton.dev',
  version: 'v1',
  plural: 'taskruns',
  kind: 'TaskRun',
  namespaced: true,
};

let rig: Rig;
let collector: TraceCollector;
beforeAll(async () => {
  collector = await startTraceCollector();
  rig = await startRig({
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20of-the-collector',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    },
  });
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await collector[Symbol.asyncDispose]();
});

const spanNamed = (name: string, traceId: string) =>
  collector.spans.find((span) => span.name === name && span.traceId === traceId);

/** Sends it with a traceparent and gives the run, which exists. */
async function deliverTraced(number: number, flags: '00' | '01', traceId = TRACE): Promise<string> {
  const signed = signDelivery(pullRequestPayload({ number }), { secret: WEBHOOK_SECRET });
  const traceparent = `00-${traceId}-${SENDER}-${flags}`;
  const answer = await rig.send({ ...signed, headers: { ...signed.headers, traceparent } });
  const { pipelinerun = '' }: { pipelinerun?: string } = JSON.parse(await answer.text());
  await eventually(async () => (await rig.runs()).map(({ metadata }) => metadata.name)).toContain(
    pipelinerun,
  );
  return pipelinerun;
}

/** Ends the run, with one TaskRun of one step in it. */
async function endTraced(run: string): Promise<void> {
  const time = (second: number): string => new Date(Date.now() + second * 1_000).toISOString();
  await rig.client.resource(taskRuns, NAMESPACE).create({
    apiVersion: 'tekton.dev/v1',
    kind: 'TaskRun',
    metadata: {
      name: `${run}-prepare`,
      namespace: NAMESPACE,
      labels: { 'tekton-dag.io/run': run, 'tekton.dev/pipelineTask': 'prepare' },
    },
    spec: { taskRef: { name: 'prepare' } },
    status: {
      conditions: [{ type: 'Succeeded', status: 'False', reason: 'Failed' }],
      startTime: time(1),
      completionTime: time(3),
      steps: [
        {
          name: 'plan',
          terminated: { exitCode: 1, reason: 'Error', startedAt: time(1), finishedAt: time(2) },
        },
      ],
    },
  });
  const conditions = [{ type: 'Succeeded', status: 'False', reason: 'Failed' }];
  const status = { startTime: time(0), completionTime: time(4), conditions };
  await pipelineRunsIn(rig.client, NAMESPACE).patch(run, { status }, { type: 'merge' });
}

describe('a trace', () => {
  it('leads from the request of the forge to the step that failed', async () => {
    const run = await deliverTraced(1, '01');
    await endTraced(run);
    await eventually(() => spanNamed('plan', TRACE)?.failed).toBe(true);
    const chain = ['plan', 'prepare', 'RUN stack-pr-test', 'dispatch delivery', 'POST /webhook/github'];
    const spans = chain.map((name) => spanNamed(name, TRACE));
    for (const [index, span] of spans.entries()) {
      const above = index + 1 === spans.length ? SENDER : spans[index + 1]?.spanId;
      expect(span?.parentSpanId, chain[index]).toBe(above);
    }
    expect(spanNamed('create PipelineRun', TRACE)?.parentSpanId).toBe(spans[3]?.spanId);
    expect(spanNamed('RUN stack-pr-test', TRACE)?.attributes).toMatchObject({
      'cicd.pipeline.run.id': `${NAMESPACE}/${run}`,
      'cicd.pipeline.result': 'failure',
      'error.type': 'Failed',
      'vcs.change.id': '1',
    });
  });

  it('is told to the steps: by a param, and to Tekton by its annotation', async () => {
    const run = await deliverTraced(2, '01');
    const { metadata, spec } = (await rig.runs()).find(({ metadata: { name } }) => name === run) ?? {};
    const told = spec?.params?.find(({ name }) => name === 'traceparent')?.value;
    expect(told).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
    expect(told).not.toContain(SENDER);
    expect(metadata?.annotations?.['tekton.dev/pipelinerunSpanContext']).toBe(
      JSON.stringify({ traceparent: told }),
    );
  });

  it('that its sender does not keep is not kept here either', async () => {
    const dropped = 'd'.repeat(32);
    await endTraced(await deliverTraced(3, '00', dropped));
    const kept = 'e'.repeat(32);
    await endTraced(await deliverTraced(4, '01', kept));
    await eventually(() => spanNamed('RUN stack-pr-test', kept)).toBeDefined();
    expect(collector.spans.filter(({ traceId }) => traceId === dropped)).toEqual([]);
  });

  it('begins with no request whose signature is wrong', async () => {
    const foreign = 'f'.repeat(32);
    const signed = signDelivery(pullRequestPayload({ number: 5 }), { secret: 'guess' });
    const traceparent = `00-${foreign}-${SENDER}-01`;
    expect((await rig.send({ ...signed, headers: { ...signed.headers, traceparent } })).status).toBe(401);
    const kept = 'c'.repeat(32);
    await deliverTraced(6, '01', kept);
    await eventually(() => spanNamed('POST /webhook/github', kept)).toBeDefined();
    expect(collector.spans.filter(({ traceId }) => traceId === foreign)).toEqual([]);
  });

  it('names the service, and bears the token of the collector', async () => {
    await eventually(() => collector.spans.length).toBeGreaterThan(0);
    expect(collector.resource).toMatchObject({
      'service.name': 'tekton-dag-orchestrator',
      'service.instance.id': 'rig',
      'deployment.environment.name': 'test',
    });
    expect(collector.headers[0]).toMatchObject({ authorization: 'Bearer of-the-collector' });
  });
});
