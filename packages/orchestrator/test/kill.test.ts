/** kill -9 of a real orchestrator process: what was acknowledged is done, once. */

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { pullRequestPayload, signDelivery } from '../src/testing/index.ts';
import { readAnswer, startRig, WEBHOOK_SECRET, type Answer, type Rig } from './orchestrator-rig.ts';

interface Victim extends AsyncDisposable {
  readonly url: string;
  readonly child: ChildProcess;
}

/** Nothing listens there: port 9 of loopback is discard, and closed. */
const NO_API = 'http://127.0.0.1:9';

let rig: Rig;

beforeEach(async () => {
  rig = await startRig();
});
afterEach(async () => rig[Symbol.asyncDispose]());

async function startVictim(apiUrl: string): Promise<Victim> {
  const storeUrl = `${rig.env['TEKTON_DAG_STORE_URL']}-victim`;
  const child = spawn(process.execPath, [new URL('serve-fixture.ts', import.meta.url).pathname], {
    env: { ...rig.env, TEKTON_DAG_STORE_URL: storeUrl, RIG_API_URL: apiUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const dead = new AbortController();
  child.once('exit', () => dead.abort(new Error('the orchestrator did not start')));
  const [url] = await once(createInterface({ input: child.stdout }), 'line', { signal: dead.signal });
  return { url: String(url), child, [Symbol.asyncDispose]: () => kill(child) };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

async function send(victim: Victim, number: number): Promise<Answer> {
  const { headers, body } = signDelivery(pullRequestPayload({ number }), {
    secret: WEBHOOK_SECRET,
    id: `delivery-${number}`,
  });
  return readAnswer(
    await fetch(`${victim.url}/webhook/github`, { method: 'POST', headers, body: new Uint8Array(body) }),
  );
}

async function namesOf(number: number): Promise<readonly (string | undefined)[]> {
  const runs = await rig.runs();
  return runs.map(({ metadata }) => metadata.name).filter((name) => name?.startsWith(`stack-pr-${number}-`));
}

it('makes exactly one run after a kill between the answer and the creation', async () => {
  const first = await startVictim(NO_API);
  const answer = await send(first, 1);
  expect(answer).toMatchObject({ code: 202, status: 'accepted' });
  await kill(first.child);
  expect(await namesOf(1)).toEqual([]);
  await using second = await startVictim(rig.api.url);
  await eventually(() => namesOf(1)).toEqual([answer.pipelinerun]);
  expect(await send(second, 1)).toMatchObject({ status: 'duplicate', pipelinerun: answer.pipelinerun });
});

it('loses and doubles nothing when it is killed again and again under load', async () => {
  const answers = new Map<number, string | undefined>();
  let next = 1;
  for (let round = 0; round < 3; round++) {
    const victim = await startVictim(rig.api.url);
    const batch = Array.from({ length: 20 }, () => next++);
    const sending = batch.map(async (number) => {
      const answer = await send(victim, number);
      if (answer.status === 'accepted') answers.set(number, answer.pipelinerun);
    });
    await Promise.any(sending);
    await kill(victim.child);
    await Promise.allSettled(sending);
  }
  await using last = await startVictim(rig.api.url);
  expect(answers.size).toBeGreaterThan(0);
  for (const [number, name] of answers) {
    await eventually(() => namesOf(number)).toEqual([name]);
  }
  const unanswered = await send(last, next);
  await eventually(() => namesOf(next)).toEqual([unanswered.pipelinerun]);
});
