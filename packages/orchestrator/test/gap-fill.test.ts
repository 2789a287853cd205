/** Deliveries that never reached us: asked of the forge, and worked as if they had arrived. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { startRig, WEBHOOK_SECRET, type Rig } from './orchestrator-rig.ts';
import { pullRequestPayload, signDelivery, startFakeGitHub, type FakeForge } from '../src/testing/index.ts';

const HOOK = 4711;
const MINUTE_MS = 60_000;

let directory: string;
let forge: FakeForge;
let rig: Rig;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tekton-dag-gaps-'));
  forge = await startFakeGitHub();
  const tokenFile = join(directory, 'token');
  await writeFile(tokenFile, forge.token);
  const webhooks = [{ repository: 'acme/demo-api', hookId: HOOK }];
  await writeFile(join(directory, 'forges.yaml'), JSON.stringify([{ ...forge.entry, tokenFile, webhooks }]));
  forge.world.hookDeliveries.set(HOOK, []);
  rig = await startRig({ env: { TEKTON_DAG_FORGES_FILE: join(directory, 'forges.yaml') } });
  // From now on, and some minutes back, the forge is asked.
  await eventually(timesAsked).toBe(1);
});
afterEach(async () => {
  await rig[Symbol.asyncDispose]();
  await forge[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

/** Old enough not to be on its way any more. */
const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * MINUTE_MS).toISOString();

interface Sent {
  readonly guid: string;
  readonly payload: object;
}

/** The forge sent it; whether it arrived is another matter. */
function send(number: number, options: { readonly minutes: number; readonly arrived: boolean }): Sent {
  const guid = `guid-${number}-${options.minutes}`;
  const payload = pullRequestPayload({ number, headSha: number.toString(16).padStart(40, '0') });
  const statusCode = options.arrived ? 202 : 0;
  forge.world.addHookDelivery(HOOK, {
    guid,
    payload,
    event: 'pull_request',
    deliveredAt: minutesAgo(options.minutes),
    statusCode,
  });
  return { guid, payload };
}

const timesAsked = (): number => forge.requests.filter(({ path }) => path.endsWith('/deliveries')).length;

const runNames = async (): Promise<readonly string[]> =>
  (await rig.runs()).map(({ metadata }) => metadata.name ?? '');

const recovered = async (): Promise<number> => {
  const text = await (await rig.call('GET', '/metrics')).text();
  return Number(/tekton_dag_recovered_deliveries_total (\d+)/.exec(text)?.[1]);
};

it('has one run for every change when 30 of 100 deliveries never arrived', async () => {
  const first = send(1, { minutes: 14, arrived: true });
  await rig.deliver(first.payload, { id: first.guid });
  const sent = Array.from({ length: 99 }, (_, index) => {
    const arrived = index % 10 >= 3;
    return { ...send(index + 2, { minutes: 13.9 - index * 0.12, arrived }), arrived };
  });
  for (const { guid, payload, arrived } of sent) if (arrived) await rig.deliver(payload, { id: guid });
  const wanted = new Set<string>();
  const missing = sent.filter(({ arrived }) => !arrived);
  expect(missing).toHaveLength(30);
  await eventually(async () => (await runNames()).length).toBe(70);
  forge.world.addHookDelivery(HOOK, {
    guid: 'guid-of-a-ping',
    event: 'ping',
    payload: { zen: 'Half measures are as bad as nothing at all.' },
    deliveredAt: minutesAgo(1.5),
  });
  await rig.restart();
  await eventually(async () => (await runNames()).length).toBe(100);
  for (const name of await runNames()) wanted.add(name.replace(/-[a-z0-9]+$/, ''));
  expect(wanted.size).toBe(100);
  expect(await recovered()).toBe(30);
  const fetched = forge.requests.filter(({ path }) => /deliveries\/\d+$/.test(path));
  expect(fetched).toHaveLength(30);

  const listed = await rig.call('GET', `/api/deliveries/github.com/${missing[0]?.guid ?? ''}`);
  expect(await listed.json()).toMatchObject({ gap_filled: true, state: 'done' });

  // The forge is asked to deliver one again: it is known, although its bytes are others.
  const late = signDelivery(JSON.stringify(missing[0]?.payload, undefined, 2), {
    secret: WEBHOOK_SECRET,
    id: missing[0]?.guid ?? '',
  });
  expect((await rig.send(late)).status).toBe(200);

  const asked = timesAsked();
  await rig.restart();
  await eventually(timesAsked).toBeGreaterThan(asked);
  // Closing waits for what is in hand.
  await rig.restart();
  expect(await runNames()).toHaveLength(100);
  expect(forge.requests.filter(({ path }) => /deliveries\/\d+$/.test(path))).toHaveLength(30);
}, 240_000);

it('leaves what may still be on its way, and what is of other repositories', async () => {
  const first = send(1, { minutes: 30, arrived: true });
  await rig.deliver(first.payload, { id: first.guid });
  await eventually(async () => (await runNames()).length).toBe(1);
  send(2, { minutes: 0, arrived: false });
  forge.world.addHookDelivery(HOOK, {
    guid: 'of-another-repository',
    event: 'pull_request',
    payload: pullRequestPayload({ number: 3, repository: 'acme/demo-fe' }),
    deliveredAt: minutesAgo(10),
  });
  send(4, { minutes: 5, arrived: false });
  await rig.restart();
  await eventually(async () => (await runNames()).length).toBe(2);
  expect((await runNames()).map((name) => name.split('-')[2])).toEqual(['1', '4']);
});

it('goes on after the forge was away', async () => {
  const first = send(1, { minutes: 30, arrived: true });
  await rig.deliver(first.payload, { id: first.guid });
  await eventually(async () => (await runNames()).length).toBe(1);
  send(2, { minutes: 5, arrived: false });
  forge.fail({ path: /deliveries/, answer: { status: 0 } });
  await rig.restart();
  await eventually(() => forge.requests.filter(({ status }) => status === 0).length).toBeGreaterThanOrEqual(
    3,
  );
  forge.recover();
  await rig.restart();
  await eventually(async () => (await runNames()).length).toBe(2);
});
