import { parseStack, parseTeam, type Result } from '@tekton-dag/model';
import { describe, expect, it } from 'vitest';
import type { Change } from '../forge/change.ts';
import type { ForgeEvent } from '../forge/forge-event.ts';
import { buildRouteTable } from '../routing/route-table.ts';
import { decide } from './decide.ts';

function unwrap<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const stack = unwrap(
  parseStack(
    'name: shop\napps:\n  - { name: web, repo: acme/mono, role: frontend }\n  - { name: api, repo: acme/mono, role: standalone }\n',
    'shop.yaml',
  ),
);

const team = (name: string, baseBranches: string, allowedBots = '[]') =>
  unwrap(
    parseTeam(
      `
name: ${name}
imageRegistry: registry.example.com/acme
gitUrl: https://github.com/acme/platform
stacks: [stacks/shop.yaml]
baseBranches: ${baseBranches}
allowedBots: ${allowedBots}
`,
      'team.yaml',
    ),
  );

const routes = buildRouteTable(
  [team('one', '[main]'), team('two', '[main, next]', '[Renovate]')],
  new Map([['stacks/shop.yaml', stack]]),
);

const change: Change = {
  host: 'github.com',
  repository: 'acme/mono',
  pullRequest: 42,
  headSha: 'a'.repeat(40),
  baseRef: 'main',
  author: 'ada',
  title: 'Change something',
  draft: false,
  dependsOn: [],
  fromFork: false,
  updatedAtMs: 1_700_000_000_000,
};
const opened = { kind: 'updated', action: 'opened', change, byBot: false } as const satisfies ForgeEvent;

const runsOf = (event: ForgeEvent): readonly string[] => {
  const decision = decide(event, routes);
  return decision.kind === 'test' || decision.kind === 'release'
    ? decision.targets.map(({ runName }) => runName)
    : [];
};

describe('decide', () => {
  it('gives each team and stack of a repository one run with a name of its own, always the same', () => {
    const names = runsOf(opened);
    expect(names).toHaveLength(2);
    expect(new Set(names).size).toBe(2);
    expect(runsOf(opened)).toEqual(names);
  });

  it('names all apps of a stack that the repository feeds, and gives each team a session of its own', () => {
    const decision = decide(opened, routes);
    const targets = decision.kind === 'test' ? decision.targets : [];
    expect(targets.map(({ team, apps }) => [team, apps])).toEqual([
      ['one', ['api', 'web']],
      ['two', ['api', 'web']],
    ]);
    expect(new Set(targets.map(({ session }) => session)).size).toBe(2);
  });

  it('leaves out teams that do not take the base branch', () => {
    const decision = decide({ ...opened, change: { ...change, baseRef: 'next' } }, routes);
    expect(decision).toMatchObject({ kind: 'test', targets: [{ team: 'two' }] });
    expect(decide({ ...opened, change: { ...change, baseRef: 'other' } }, routes)).toMatchObject({
      reason: 'base-branch',
    });
  });

  it('names the run of a reopened pull request anew, and alike for each delivery of the event', () => {
    const reopened = { ...opened, action: 'reopened' } as const;
    const again = {
      ...reopened,
      change: { ...change, updatedAtMs: change.updatedAtMs + 60_000 },
    };
    expect(runsOf(reopened)).toEqual(runsOf({ ...reopened }));
    expect(new Set([...runsOf(opened), ...runsOf(reopened), ...runsOf(again)]).size).toBe(6);
  });

  it('tests no fork, and releases what was merged from one', () => {
    const fork = { ...change, fromFork: true };
    expect(decide({ ...opened, change: fork }, routes)).toMatchObject({ kind: 'ignored', reason: 'fork' });
    const merged: ForgeEvent = { kind: 'merged', action: 'closed', change: fork, mergeSha: 'c'.repeat(40) };
    expect(decide(merged, routes)).toMatchObject({ kind: 'release', sha: 'c'.repeat(40) });
  });

  it.each([
    ['draft', { draft: true }],
    ['skip-ci', { title: 'Docs [Skip CI]' }],
    ['skip-ci', { title: '***NO_CI***' }],
  ])('does not test for the reason %s, and tells whom it would have been for', (reason, fields) => {
    expect(decide({ ...opened, change: { ...change, ...fields } }, routes)).toMatchObject({
      kind: 'ignored',
      reason,
      change: { pullRequest: 42 },
      targets: [{ team: 'one' }, { team: 'two' }],
    });
  });

  it('tests a bot only for the teams that allow it', () => {
    const renovate = { ...opened, byBot: true, change: { ...change, author: 'renovate[bot]' } };
    expect(decide(renovate, routes)).toMatchObject({ kind: 'test', targets: [{ team: 'two' }] });
    const other = { ...renovate, change: { ...change, author: 'other[bot]' } };
    expect(decide(other, routes)).toMatchObject({ kind: 'ignored', reason: 'bot' });
  });

  it('makes nothing of a push, and says why', () => {
    const push = { host: 'github.com', repository: 'acme/mono', ref: 'main', sha: 'a'.repeat(40) };
    const reasonOf = (fields: Partial<typeof push>) =>
      decide({ kind: 'push', action: '', push: { ...push, ...fields } }, routes);
    expect(reasonOf({})).toMatchObject({ kind: 'ignored', reason: 'push' });
    expect(reasonOf({ ref: 'topic' })).toMatchObject({ reason: 'base-branch' });
    expect(reasonOf({ repository: 'evil/mono' })).toMatchObject({ reason: 'unknown-repository' });
  });

  it('tests what a merge queue made, by one name whenever it is told', () => {
    const queued = { ...opened, action: 'checks_requested' } as const;
    const later = { ...queued, change: { ...change, updatedAtMs: change.updatedAtMs + 60_000 } };
    expect(decide(queued, routes)).toMatchObject({ kind: 'test', cause: 'merge-group' });
    expect(runsOf(later)).toEqual(runsOf(queued));
  });
});
