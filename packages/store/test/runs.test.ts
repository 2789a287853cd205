/** The run history of a store, on each database that is there. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Page, type RunRow, type Store } from '../src/index.ts';
import { databaseKinds, type TestDatabase } from './databases.ts';

const run: RunRow = {
  namespace: 'tekton-pipelines',
  name: 'stack-pr-7-abcdefgh',
  pipeline: 'stack-pr-test',
  mode: 'pr',
  team: 'default',
  stack: 'stack-one',
  app: 'demo-api',
  apps: ['demo-api'],
  host: 'github.com',
  repository: 'acme/demo-api',
  pullRequest: 7,
  sha: 'a'.repeat(40),
  attempt: 1,
  delivery: 'd1',
  traceparent: '',
  state: 'pending',
  reason: 'PipelineRunPending',
  createdAtMs: 1_000,
  startedAtMs: undefined,
  finishedAtMs: undefined,
};

describe.each(databaseKinds)('runs on $name', ({ available, create }) => {
  describe.skipIf(!available)('with a server', () => {
    let database: TestDatabase;
    let store: Store;

    beforeEach(async () => {
      database = await create();
      store = await openStore({ url: database.url });
    });
    afterEach(async () => {
      await store.close();
      await database.remove();
    });

    it('replaces what it knew of a run', async () => {
      expect(await store.runs.get(run)).toBeUndefined();
      await store.runs.upsert(run);
      expect(await store.runs.get(run)).toEqual({ ...run, evidence: undefined });
      expect(await store.runs.listOpen()).toEqual([run]);
      const finished: RunRow = {
        ...run,
        state: 'failed',
        reason: 'Failed',
        startedAtMs: 2_000,
        finishedAtMs: 3_000,
      };
      await store.runs.upsert(finished);
      expect((await store.runs.list({ limit: 5 })).items).toEqual([finished]);
      expect(await store.runs.listOpen()).toEqual([]);
    });

    it('lists the newest first, by team, up to the limit', async () => {
      await store.runs.upsert(run);
      await store.runs.upsert({ ...run, name: 'b', createdAtMs: 3_000, pullRequest: undefined });
      await store.runs.upsert({ ...run, name: 'c', createdAtMs: 2_000, team: 'other' });
      const namesOf = ({ items }: Page<RunRow>) => items.map(({ name }) => name);
      expect(namesOf(await store.runs.list({ limit: 2 }))).toEqual(['b', 'c']);
      expect(namesOf(await store.runs.list({ limit: 2, team: 'default' }))).toEqual(['b', run.name]);
    });
  });
});
