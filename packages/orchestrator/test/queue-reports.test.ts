/** Who is told when a run leaves the queue of a team. */

import { createKubeClient } from '@tekton-dag/kube';
import { startFakeApiServer, type FakeApiServer } from '@tekton-dag/kube/testing';
import { openStore, type RunRow, type Store } from '@tekton-dag/store';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Forges } from '../src/forge/forges.ts';
import { createRunReports } from '../src/reporting/report-recorded-run.ts';
import { createMetrics } from '../src/metrics.ts';
import { createForges } from '../src/start/create-forges.ts';
import { startFakeGitHub, type FakeForge } from '../src/testing/index.ts';
import { runRow } from '../src/testing/report-rows.ts';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let directory: string;
let api: FakeApiServer;
let store: Store;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tekton-dag-queue-reports-'));
  api = await startFakeApiServer();
  store = await openStore({ url: `sqlite:${join(directory, 'store.sqlite')}` });
});
afterEach(async () => {
  await store.close();
  await api[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

const waiting = (pullRequest: number): RunRow => {
  const name = `stack-pr-${pullRequest}-x`;
  return runRow({
    name,
    pullRequest,
    state: 'pending',
    reason: '',
    createdAtMs: pullRequest,
    finishedAtMs: undefined,
  });
};
const isAsked = async (pullRequest: number): Promise<boolean> =>
  (await store.reports.get({ host: 'github.com', repository: 'acme/demo-api', pullRequest })) !== undefined;

async function forgesOf(fake: FakeForge): Promise<Forges> {
  const tokenFile = join(directory, 'token');
  await writeFile(tokenFile, fake.token);
  const forges = createForges([{ ...fake.entry, tokenFile, webhooks: [] }], createMetrics('test'));
  // A client knows the budget from its first answer on.
  await forges.clientFor('github.com')?.getPullRequest('acme/demo-api', 1);
  return forges;
}

it.each([
  ['plenty left', 5_000, true],
  ['little left', 2, false],
])('with %s of the rate limit, those that move up: %i requests an hour', async (_, rateLimit, told) => {
  await using fake = await startFakeGitHub({ rateLimit });
  await using client = createKubeClient(api.config);
  const context = {
    client,
    store,
    forges: await forgesOf(fake),
    observeRecord: async () => {},
    mask: String,
  };
  if (!told) await context.forges.clientFor('github.com')?.getPullRequest('acme/demo-api', 2);
  for (const pullRequest of [1, 2, 3]) await store.runs.upsert(waiting(pullRequest));
  const before = await store.runs.get(waiting(1));
  const row: RunRow = { ...waiting(1), state: 'running' };
  await store.runs.upsert(row);
  await createRunReports(context)({ run: undefined, row, before });
  expect(await isAsked(1)).toBe(true);
  expect([await isAsked(2), await isAsked(3)]).toEqual([told, told]);
});
