/** What a store keeps of pull requests. */

import { expect, it } from 'vitest';
import type { PullRequestFacts } from '../src/index.ts';
import { describeDatabases } from './describe-databases.ts';

const facts: PullRequestFacts = {
  host: 'github.com',
  repository: 'Acme/Demo-API',
  number: 7,
  headSha: 'a'.repeat(40),
  baseRef: 'main',
  author: 'octocat',
  title: 'O\'Reilly " $(id) \\ 漢',
  fromFork: true,
  draft: false,
  state: 'open',
  teams: ['default', 'other'],
  dependsOn: [],
  updatedAtMs: 1_000,
};

describeDatabases('pull requests', (current) => {
  it('keeps the facts, the repository in lower case', async () => {
    const { pullRequests } = current().store;
    expect(await pullRequests.get(facts)).toBeUndefined();
    const row = { ...facts, repository: 'acme/demo-api', hold: undefined, approval: undefined };
    expect(await pullRequests.upsert(facts)).toEqual(row);
    expect(await pullRequests.get({ ...facts, repository: 'ACME/demo-api' })).toEqual(row);
    expect(await pullRequests.get({ ...facts, host: 'gitea.example' })).toBeUndefined();
  });

  it('never goes back in time', async () => {
    const { pullRequests } = current().store;
    await pullRequests.upsert(facts);
    const older = await pullRequests.upsert({ ...facts, headSha: 'older', updatedAtMs: 999 });
    expect(older).toMatchObject({ headSha: facts.headSha, updatedAtMs: 1_000 });
    expect(await pullRequests.upsert({ ...facts, headSha: 'same' })).toMatchObject({ headSha: 'same' });
    const newer = await pullRequests.upsert({ ...facts, headSha: 'newer', updatedAtMs: 1_001 });
    expect(newer).toMatchObject({ headSha: 'newer', updatedAtMs: 1_001 });
    expect(await pullRequests.get(facts)).toEqual(newer);
  });

  it('keeps what people said over new facts, and takes it before there are any', async () => {
    const { pullRequests } = current().store;
    await pullRequests.setHold(facts, { by: 'ann', atMs: 5 });
    await pullRequests.approve(facts, { sha: 'abc', by: 'bob', atMs: 6 });
    const said = { hold: { by: 'ann', atMs: 5 }, approval: { sha: 'abc', by: 'bob', atMs: 6 } };
    expect(await pullRequests.upsert(facts)).toMatchObject({ author: 'octocat', ...said });
    expect(await pullRequests.get(facts)).toMatchObject({ author: 'octocat', ...said });
    expect(await pullRequests.clearHold(facts)).toBe(true);
    expect(await pullRequests.clearHold(facts)).toBe(false);
    expect((await pullRequests.get(facts))?.hold).toBeUndefined();
  });

  it('knows the open pull requests that depend on one', async () => {
    const { pullRequests } = current().store;
    const on = (repository: string, number: number) => ({ dependsOn: [{ repository, number }] });
    await pullRequests.upsert({ ...facts, number: 1, ...on('acme/lib', 12) });
    await pullRequests.upsert({ ...facts, number: 2, ...on('acme/lib', 123) });
    await pullRequests.upsert({ ...facts, number: 3, ...on('Acme/Lib', 12), state: 'closed' });
    await pullRequests.upsert({ ...facts, number: 4, ...on('ACME/lib', 12) });
    await pullRequests.upsert({ ...facts, number: 5, ...on('acme/lib', 12), host: 'gitea.example' });
    await pullRequests.upsert({ ...facts, number: 6, ...on('not-acme/lib', 12) });
    const dependents = await pullRequests.dependentsOf({ ...facts, repository: 'acme/lib', number: 12 });
    expect(dependents.map(({ number }) => number)).toEqual([1, 4]);
    expect(dependents[1]?.dependsOn).toEqual([{ repository: 'acme/lib', number: 12 }]);
  });

  it('forgets closed ones of before, a few at a time', async () => {
    const { pullRequests } = current().store;
    for (const number of [1, 2, 3]) await pullRequests.upsert({ ...facts, number, state: 'closed' });
    await pullRequests.upsert({ ...facts, number: 4 });
    await pullRequests.upsert({ ...facts, number: 5, state: 'closed', updatedAtMs: 2_000 });
    expect(await pullRequests.prune({ olderThanMs: 2_000, limit: 2 })).toBe(2);
    expect(await pullRequests.prune({ olderThanMs: 2_000, limit: 2 })).toBe(1);
    expect(await pullRequests.prune({ olderThanMs: 2_000 })).toBe(0);
    expect(await pullRequests.get({ ...facts, number: 4 })).toBeDefined();
    expect(await pullRequests.get({ ...facts, number: 5 })).toBeDefined();
  });
});
