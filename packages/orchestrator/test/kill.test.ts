/** kill -9 of a real orchestrator process: what was acknowledged is done, once. */

import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { pullRequestPayload, signDelivery } from '../src/testing/index.ts';
import { readAnswer, startRig, WEBHOOK_SECRET, type Answer, type Rig } from './orchestrator-rig.ts';
import { startVictim, type Victim } from './start-victim.ts';

/** Each process takes seconds to start on a machine that is busy. */
const SLOW_MS = 240_000;
/** Nothing listens there: port 9 of loopback is discard, and closed. */
const NO_API = 'http://127.0.0.1:9';

let rig: Rig;

beforeEach(async () => {
  rig = await startRig();
});
afterEach(async () => rig[Symbol.asyncDispose]());

const startOwn = (apiUrl: string): Promise<Victim> => {
  const storeUrl = `${rig.env['TEKTON_DAG_STORE_URL']}-victim`;
  return startVictim({ ...rig.env, TEKTON_DAG_STORE_URL: storeUrl }, apiUrl);
};

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

it(
  'makes exactly one run after a kill between the answer and the creation',
  { timeout: SLOW_MS },
  async () => {
    const first = await startOwn(NO_API);
    const answer = await send(first, 1);
    expect(answer).toMatchObject({ code: 202, status: 'accepted' });
    await first[Symbol.asyncDispose]();
    expect(await namesOf(1)).toEqual([]);
    await using second = await startOwn(rig.api.url);
    await eventually(() => namesOf(1)).toEqual([answer.pipelinerun]);
    expect(await send(second, 1)).toMatchObject({ status: 'duplicate', pipelinerun: answer.pipelinerun });
  },
);

it(
  'loses and doubles nothing when it is killed again and again under load',
  { timeout: SLOW_MS },
  async () => {
    const answers = new Map<number, string | undefined>();
    let next = 1;
    for (let round = 0; round < 3; round++) {
      const victim = await startOwn(rig.api.url);
      const batch = Array.from({ length: 20 }, () => next++);
      const sending = batch.map(async (number) => {
        const answer = await send(victim, number);
        if (answer.status === 'accepted') answers.set(number, answer.pipelinerun);
      });
      await Promise.any(sending);
      await victim[Symbol.asyncDispose]();
      await Promise.allSettled(sending);
    }
    await using last = await startOwn(rig.api.url);
    expect(answers.size).toBeGreaterThan(0);
    for (const [number, name] of answers) {
      await eventually(() => namesOf(number)).toEqual([name]);
    }
    const unanswered = await send(last, next);
    await eventually(() => namesOf(next)).toEqual([unanswered.pipelinerun]);
  },
);
