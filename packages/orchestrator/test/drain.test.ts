/** The end of the service, as those see it who are sending to it. */

import { createKubeClient } from '@tekton-dag/kube';
import { startFakeApiServer } from '@tekton-dag/kube/testing';
import { Agent, request, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { pullRequestPayload, signDelivery } from '../src/testing/index.ts';
import { pipelineRunsIn } from '../src/runs/pipeline-runs.ts';
import { NAMESPACE, preparePlatform, WEBHOOK_SECRET as OWN_SECRET } from './chaos/prepare-platform.ts';
import { startProgram } from './chaos/start-program.ts';
import { eventually } from './eventually.ts';
import { startRig, WEBHOOK_SECRET, type Rig } from './orchestrator-rig.ts';

/** The time to drain passes as a whole, and on a busy machine all else takes as long again. */
const SLOW_MS = 180_000;

let agent: Agent;

beforeEach(() => {
  agent = new Agent({ keepAlive: true, maxSockets: 1 });
});
afterEach(() => agent.destroy());

/** Posts a webhook over the one connection of the agent; the second half of its body waits for `untilThen`. */
async function post(
  url: string,
  number: number,
  untilThen?: () => Promise<unknown>,
): Promise<IncomingMessage> {
  const { headers, body } = signDelivery(pullRequestPayload({ number }), { secret: WEBHOOK_SECRET });
  const target = new URL('/webhook/github', url);
  const sent = request(target, {
    agent,
    method: 'POST',
    headers: { ...headers, 'content-length': String(body.length) },
  });
  const answered = once(sent, 'response');
  sent.write(body.subarray(0, body.length / 2));
  await untilThen?.();
  sent.end(body.subarray(body.length / 2));
  const [answer]: IncomingMessage[] = await answered;
  if (answer === undefined) throw new Error('there is an answer');
  answer.resume();
  await once(answer, 'end');
  return answer;
}

/** Begins the end of the service, and waits until that shows; it starts anew in the end. */
async function beginEnd(rig: Rig): Promise<{ readonly ended: Promise<void> }> {
  const { url } = rig;
  const ended = rig.restart();
  await eventually(async () => (await fetch(`${url}/readyz`)).status).toBe(503);
  return { ended };
}

it(
  'answers for a while when it is told to end: not ready, and with the last answer on each connection',
  { timeout: SLOW_MS },
  async () => {
    await using rig = await startRig({ env: { TEKTON_DAG_DRAIN_SECONDS: '10' } });
    const { url } = rig;
    expect((await post(url, 1)).headers.connection).toBe('keep-alive');
    const { ended } = await beginEnd(rig);
    const ready: unknown = await (await fetch(`${url}/readyz`)).json();
    expect(ready).toMatchObject({ reasons: ['the service ends'] });
    for (const number of [2, 3]) {
      const answer = await post(url, number);
      expect([answer.statusCode, answer.headers.connection]).toEqual([202, 'close']);
    }
    await ended;
    await eventually(async () => (await rig.runs()).length).toBe(3);
  },
);

it('answers a request that was on its way when it closed', async () => {
  await using rig = await startRig();
  const { url } = rig;
  let ended: Promise<void> | undefined;
  const answer = await post(url, 1, async () => {
    await eventually(async () => (await fetch(`${url}/healthz`)).status).toBe(200);
    ended = rig.restart();
    await eventually(() =>
      fetch(`${url}/healthz`).then(
        () => 'open',
        () => 'closed',
      ),
    ).toBe('closed');
  });
  expect([answer.statusCode, answer.headers.connection]).toEqual([202, 'close']);
  await ended;
  await eventually(async () => (await rig.runs()).length).toBe(1);
});

const SERVE = new URL('../../cli/bin/tekton-dag.js', import.meta.url);
const SENDERS = 4;
const DELIVERIES_EACH = 10;

it(
  'answers every sender after SIGTERM until the time is over, and none of it is lost',
  { timeout: SLOW_MS },
  async () => {
    await using api = await startFakeApiServer();
    await using client = createKubeClient(api.config);
    await using platform = await preparePlatform(api.url);
    const env = { ...platform.env, TEKTON_DAG_DRAIN_SECONDS: '20' };
    await using program = await startProgram({ file: SERVE, args: ['serve'], env });
    const { url } = program;
    await eventually(async () => (await fetch(`${url}/readyz`)).status).toBe(200);
    const ended = program.end();
    await eventually(async () => (await fetch(`${url}/readyz`)).status).toBe(503);
    const send = async (number: number): Promise<number> => {
      const { headers, body } = signDelivery(pullRequestPayload({ number }), { secret: OWN_SECRET });
      const sent = { method: 'POST', headers, body: new Uint8Array(body) };
      return (await fetch(`${url}/webhook/github`, sent)).status;
    };
    const senders = Array.from({ length: SENDERS }, async (_, sender) => {
      const statuses: number[] = [];
      for (let index = 1; index <= DELIVERIES_EACH; index += 1) {
        statuses.push(await send(sender * DELIVERIES_EACH + index));
      }
      return statuses;
    });
    const statuses = (await Promise.all(senders)).flat();
    expect(statuses).toEqual(statuses.map(() => 202));
    expect(await ended).toBe(0);
    await using _next = await startProgram({ file: SERVE, args: ['serve'], env: platform.env });
    const countRuns = async (): Promise<number> =>
      (await pipelineRunsIn(client, NAMESPACE).list()).items.length;
    await eventually(countRuns).toBe(SENDERS * DELIVERIES_EACH);
  },
);
