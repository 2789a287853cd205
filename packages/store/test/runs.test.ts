/** The run history of a store, on each database that is there. */

import { expect, it } from 'vitest';
import type { Page, RunRow } from '../src/index.ts';
import { describeDatabases } from './describe-databases.ts';
import { newRun } from '../src/testing/index.ts';

const run = newRun();
const namesOf = ({ items }: Pick<Page<RunRow>, 'items'>) => items.map(({ name }) => name);

describeDatabases('runs', (current) => {
  it('replaces what it knew of a run, and keeps its evidence', async () => {
    const { runs } = current().store;
    expect(await runs.get(run)).toBeUndefined();
    expect(await runs.setEvidence(run, '{}')).toBe(false);
    await runs.upsert(run);
    expect(await runs.get(run)).toEqual({ ...run, evidence: undefined });
    expect(await runs.listOpen()).toEqual([run]);
    expect(await runs.setEvidence(run, '{"tests":[]}')).toBe(true);
    const finished = newRun({ state: 'failed', reason: 'Failed', startedAtMs: 2_000, finishedAtMs: 3_000 });
    await runs.upsert(finished);
    expect(await runs.list({ limit: 5 })).toEqual({ items: [finished], next: undefined });
    expect(await runs.get(run)).toEqual({ ...finished, evidence: '{"tests":[]}' });
    expect(await runs.listOpen()).toEqual([]);
  });

  it('keeps what is told last of a run that is told of several times in one moment', async () => {
    const { runs } = current().store;
    const told = [
      newRun({ state: 'pending' }),
      newRun({ name: 'other' }),
      newRun({ state: 'running' }),
      newRun({ state: 'failed' }),
    ];
    await Promise.all(told.map((row) => runs.upsert(row)));
    expect((await runs.get(run))?.state).toBe('failed');
    expect(namesOf(await runs.list({ limit: 9 }))).toEqual([run.name, 'other']);
  });

  it('lists the newest first, page by page, each run once, also those of one moment', async () => {
    const { runs } = current().store;
    const rows = ['a', 'b', 'c', 'd', 'e'].flatMap((name, index) => [
      newRun({ name, createdAtMs: Math.floor(index / 2) }),
      newRun({ name, namespace: 'other', createdAtMs: Math.floor(index / 2) }),
    ]);
    for (const row of rows) await runs.upsert(row);
    const seen: RunRow[] = [];
    let after: string | undefined;
    do {
      const page = await runs.list({ limit: 3, after });
      seen.push(...page.items);
      after = page.next;
      // What comes in meanwhile is newer and moves nothing.
      await runs.upsert(newRun({ name: `later-${seen.length}`, createdAtMs: 9_000 }));
    } while (after !== undefined);
    expect(seen.map(({ namespace, name }) => `${namespace}/${name}`).toSorted()).toEqual(
      rows.map(({ namespace, name }) => `${namespace}/${name}`).toSorted(),
    );
  });

  it('lists by team, stack, app, repository, pull request, state and mode', async () => {
    const { runs } = current().store;
    await runs.upsert(run);
    await runs.upsert(newRun({ name: 'other', team: 'other', stack: 'stack-two', createdAtMs: 2_000 }));
    await runs.upsert(
      newRun({ name: 'merge', mode: 'merge', state: 'succeeded', repository: 'Acme/Mono', pullRequest: 8 }),
    );
    await runs.upsert(newRun({ name: 'both', app: '', apps: ['demo-web', 'demo-api'], createdAtMs: 3_000 }));
    const list = async (query: object) => namesOf(await runs.list({ limit: 9, ...query }));
    expect(await list({ team: 'other' })).toEqual(['other']);
    expect(await list({ stack: 'stack-two' })).toEqual(['other']);
    expect(await list({ app: 'demo-web' })).toEqual(['both']);
    expect(await list({ app: 'demo' })).toEqual([]);
    expect(await list({ repository: 'acme/MONO' })).toEqual(['merge']);
    expect(await list({ pullRequest: 8 })).toEqual(['merge']);
    expect(await list({ states: ['succeeded', 'failed'] })).toEqual(['merge']);
    expect(await list({ mode: 'merge' })).toEqual(['merge']);
    expect(await list({ teams: ['other'] })).toEqual(['other']);
    expect(await list({ teams: [] })).toEqual([]);
    expect(await list({ teams: ['default'], team: 'other' })).toEqual([]);
  });

  it('finds the runs of a pull request with their evidence', async () => {
    const { runs } = current().store;
    await runs.upsert(run);
    await runs.setEvidence(run, '{}');
    await runs.upsert(newRun({ name: 'second', createdAtMs: 2_000, attempt: 2 }));
    await runs.upsert(newRun({ name: 'elsewhere', host: 'gitea.example' }));
    await runs.upsert(newRun({ name: 'by-hand', pullRequest: undefined }));
    const found = await runs.listOfPullRequest({
      host: 'github.com',
      repository: 'ACME/demo-api',
      pullRequest: 7,
    });
    expect(found.map(({ name, evidence }) => [name, evidence])).toEqual([
      ['second', undefined],
      [run.name, '{}'],
    ]);
  });

  it('refuses a cursor of another list', async () => {
    const { runs } = current().store;
    const after = Buffer.from('[1,"only one name"]').toString('base64url');
    await expect(runs.list({ limit: 1, after })).rejects.toMatchObject({ code: 'STORE_CURSOR_INVALID' });
  });
});
