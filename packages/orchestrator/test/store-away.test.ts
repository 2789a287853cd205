/** What callers see while the orchestrator's Postgres is away. */

import { findPostgres, startPostgres, type TestPostgres } from '@tekton-dag/store/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pullRequestPayload } from '../src/testing/index.ts';
import { eventually } from './eventually.ts';
import { startRig } from './orchestrator-rig.ts';

describe.skipIf(findPostgres() === undefined)('the orchestrator on a Postgres that goes away', () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres[Symbol.asyncDispose]());

  it('takes webhooks over a restart: each is answered when the database is back, and makes its run', async () => {
    await using rig = await startRig({
      env: { TEKTON_DAG_STORE_URL: await postgres.createDatabase('restart') },
    });
    await rig.deliver(pullRequestPayload({ number: 1 }));
    const restarting = postgres.restart();
    const answers = await Promise.all(
      [2, 3, 4, 5].map((number) => rig.deliver(pullRequestPayload({ number }))),
    );
    await restarting;
    expect(answers.map(({ code }) => code)).toEqual([202, 202, 202, 202]);
    await eventually(async () => (await rig.runs()).length).toBe(5);
  });

  it('says 503 while it stays away, is not ready, and takes the same webhook once it is back', async () => {
    await using rig = await startRig({
      env: { TEKTON_DAG_STORE_URL: await postgres.createDatabase('away') },
    });
    await postgres.kill();
    const [refused, listed, ready] = await Promise.all([
      rig.deliver(pullRequestPayload({ number: 7 }), { id: 'again' }),
      rig.call('GET', '/api/runs'),
      rig.call('GET', '/readyz'),
    ]);
    expect(refused.code).toBe(503);
    expect(listed.status).toBe(503);
    expect(await listed.json()).toMatchObject({ code: 'store-unavailable' });
    expect(ready.status).toBe(503);
    await postgres.start();
    expect(await rig.deliver(pullRequestPayload({ number: 7 }), { id: 'again' })).toMatchObject({
      code: 202,
    });
    await eventually(async () => (await rig.runs()).length).toBe(1);
    expect((await rig.call('GET', '/readyz')).status).toBe(200);
  });
});
