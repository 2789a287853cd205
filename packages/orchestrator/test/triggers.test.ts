/** Deliveries that an EventListener of Tekton Triggers hands on. */

import { afterAll, beforeAll, expect, it } from 'vitest';
import { pullRequestPayload, signDelivery } from '../src/testing/index.ts';
import { eventually } from './eventually.ts';
import { startRig, WEBHOOK_SECRET, type Rig } from './orchestrator-rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await startRig();
});
afterAll(async () => rig[Symbol.asyncDispose]());

/** As Go writes JSON: with `<`, `>` and `&` escaped, and header names in its own form. */
function wrap(payload: object, secret = WEBHOOK_SECRET): string {
  const { headers, body } = signDelivery(payload, { secret });
  const header = Object.entries(headers).map(([name, value]) => [
    name.replaceAll(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase()),
    [value],
  ]);
  const request = {
    body: Buffer.from(body).toString('utf8'),
    header: Object.fromEntries(header),
    extensions: {},
    interceptor_params: {},
    context: { event_url: '/', event_id: 'e-1', trigger_id: 'namespaces/ci/triggerGroups/orchestrator' },
  };
  return JSON.stringify(request)
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replaceAll('&', '\\u0026');
}

async function send(
  body: string,
  path = '/webhook/triggers/github',
): Promise<{ code: number; text: string }> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${rig.url}${path}`, { method: 'POST', headers, body });
  return { code: response.status, text: await response.text() };
}

it('become runs, and the EventListener is told to create nothing', async () => {
  const payload = pullRequestPayload({ number: 1, title: 'Grüße <b>&</b> 日本 \u{1F680} "quoted" \\ back' });
  const { code, text } = await send(wrap(payload));
  expect(code).toBe(200);
  const answer: { continue: boolean; status: { code: number; message: string } } = JSON.parse(text);
  expect(answer).toMatchObject({ continue: false, status: { code: 0 } });
  const { status, pipelinerun }: { status: string; pipelinerun: string } = JSON.parse(answer.status.message);
  expect(status).toBe('accepted');
  await eventually(async () => (await rig.runs()).map(({ metadata }) => metadata.name)).toEqual([
    pipelinerun,
  ]);
});

it.each([
  [
    'signed with another secret',
    () => wrap(pullRequestPayload({ number: 2 }), 'a secret that is not ours'),
    401,
  ],
  [
    'changed on the way',
    () => wrap(pullRequestPayload({ number: 2 })).replace('acme/demo-api', 'acme/other'),
    401,
  ],
  ['without the delivery', () => JSON.stringify({ header: {} }), 400],
  ['with a delivery that is no text', () => JSON.stringify({ body: {}, header: {} }), 400],
  ['not JSON', () => '{', 400],
])('%s are refused, and leave nothing', async (_name, body, code) => {
  const before = (await rig.runs()).length;
  expect((await send(body())).code).toBe(code);
  expect((await send(body(), '/webhook/triggers/github/nobody')).code).toBe(code);
  expect(await rig.runs()).toHaveLength(before);
});
