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

const team = (name: string, baseBranches: string) =>
  unwrap(
    parseTeam(
      `
name: ${name}
imageRegistry: registry.example.com/acme
gitUrl: https://github.com/acme/platform
stacks: [stacks/shop.yaml]
baseBranches: ${baseBranches}
`,
      'team.yaml',
    ),
  );

const routes = buildRouteTable(
  [team('one', '[main]'), team('two', '[main, next]')],
  new Map([['stacks/shop.yaml', stack]]),
);

const change: Change = {
  host: 'github.com',
  repository: 'acme/mono',
  pullRequest: 42,
  headSha: 'a'.repeat(40),
  baseRef: 'main',
  author: 'ada',
  fromFork: false,
  updatedAtMs: 1_700_000_000_000,
};
const opened: ForgeEvent = { kind: 'updated', action: 'opened', change };

const runsOf = (event: ForgeEvent): readonly string[] => {
  const decision = decide(event, routes);
  return decision.kind === 'test' || decision.kind === 'release'
    ? decision.targets.map(({ runName }) => runName)
    : [];
};

describe('decide', () => {
  it('gives each target of a repository a run with a name of its own, always the same', () => {
    const names = runsOf(opened);
    expect(names).toHaveLength(4);
    expect(new Set(names).size).toBe(4);
    expect(runsOf(opened)).toEqual(names);
  });

  it('gives the apps of one stack and team one session, and other teams another', () => {
    const decision = decide(opened, routes);
    const targets = decision.kind === 'test' ? decision.targets : [];
    const sessions = Map.groupBy(targets, ({ session }) => session);
    expect(
      [...sessions.values()].map((same) => same.map((target) => `${target.team}/${target.app}`)),
    ).toEqual([
      ['one/api', 'one/web'],
      ['two/api', 'two/web'],
    ]);
  });

  it('leaves out teams that do not take the base branch', () => {
    const decision = decide({ ...opened, change: { ...change, baseRef: 'next' } }, routes);
    expect(decision).toMatchObject({ kind: 'test', targets: [{ team: 'two' }, { team: 'two' }] });
    expect(decide({ ...opened, change: { ...change, baseRef: 'other' } }, routes)).toMatchObject({
      reason: 'base-branch',
    });
  });

  it('names the run of a reopened pull request anew, and alike for each delivery of the event', () => {
    const reopened: ForgeEvent = { kind: 'updated', action: 'reopened', change };
    const again: ForgeEvent = {
      ...reopened,
      change: { ...change, updatedAtMs: change.updatedAtMs + 60_000 },
    };
    expect(runsOf(reopened)).toEqual(runsOf({ ...reopened }));
    expect(new Set([...runsOf(opened), ...runsOf(reopened), ...runsOf(again)]).size).toBe(12);
  });

  it('tests no fork, and releases what was merged from one', () => {
    const fork = { ...change, fromFork: true };
    expect(decide({ ...opened, change: fork }, routes)).toMatchObject({ kind: 'ignored', reason: 'fork' });
    const merged: ForgeEvent = { kind: 'merged', action: 'closed', change: fork, mergeSha: 'c'.repeat(40) };
    expect(decide(merged, routes)).toMatchObject({ kind: 'release', sha: 'c'.repeat(40) });
  });
});
