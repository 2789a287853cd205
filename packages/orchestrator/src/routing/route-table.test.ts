import { parseStack, parseTeam, type Result, type Stack, type Team } from '@tekton-dag/model';
import { describe, expect, it } from 'vitest';
import { buildRouteTable, createRouteTableBuilder } from './route-table.ts';

function unwrap<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

function stack(name: string, apps: Readonly<Record<string, string>>): Stack {
  const lines = Object.entries(apps).map(
    ([app, repo]) => `  - { name: ${app}, repo: ${repo}, role: standalone }`,
  );
  return unwrap(parseStack(`name: ${name}\napps:\n${lines.join('\n')}\n`, `${name}.yaml`));
}

function team(name: string, stacks: readonly string[], host = 'github.com'): Team {
  const text = `
name: ${name}
host: ${host}
imageRegistry: registry.example.com/acme
gitUrl: https://github.com/acme/platform
stacks: [${stacks.join(', ')}]
`;
  return unwrap(parseTeam(text, 'team.yaml'));
}

const stacks = new Map([
  ['stacks/a.yaml', stack('a', { web: 'acme/mono', api: 'acme/mono', other: 'acme/other' })],
  ['stacks/b.yaml', stack('b', { web: 'git.example.com/acme/mono', shop: 'acme/mono' })],
]);

const found = (teams: readonly Team[], host: string, repository: string): readonly string[] =>
  buildRouteTable(teams, stacks)
    .find(host, repository)
    .map((target) => `${target.team.name}/${target.stack.name}/${target.apps.join(',')}`);

describe('createRouteTableBuilder', () => {
  it('finds every target of a repository over all teams, in one order whatever the order of the teams', () => {
    const teams = [team('zeta', ['stacks/b.yaml', 'stacks/a.yaml']), team('alpha', ['stacks/a.yaml'])];
    const expected = ['alpha/a/api,web', 'zeta/a/api,web', 'zeta/b/shop'];
    expect(found(teams, 'github.com', 'acme/mono')).toEqual(expected);
    expect(found(teams.toReversed(), 'github.com', 'acme/mono')).toEqual(expected);
  });

  it('keeps hosts and owners apart, and does not mind the case', () => {
    const teams = [team('one', ['stacks/a.yaml', 'stacks/b.yaml'])];
    expect(found(teams, 'git.example.com', 'acme/mono')).toEqual(['one/b/web']);
    expect(found(teams, 'GitHub.com', 'ACME/Other')).toEqual(['one/a/other']);
    expect(found(teams, 'github.com', 'evil/other')).toEqual([]);
    expect(found([team('own', ['stacks/a.yaml'], 'git.example.com')], 'github.com', 'acme/other')).toEqual(
      [],
    );
  });

  it('leaves out stacks that are not loaded', () => {
    expect(found([team('one', ['stacks/gone.yaml'])], 'github.com', 'acme/mono')).toEqual([]);
  });

  it('feeds an app in its home stack alone', () => {
    const table = buildRouteTable(
      [team('one', ['stacks/a.yaml', 'stacks/b.yaml'])],
      stacks,
      new Map([['web', 'stacks/b.yaml']]),
    );
    const fed = table.find('github.com', 'acme/mono').map(({ stackFile, apps }) => ({ stackFile, apps }));
    expect(fed).toEqual([
      { stackFile: 'stacks/a.yaml', apps: ['api'] },
      { stackFile: 'stacks/b.yaml', apps: ['shop'] },
    ]);
  });

  it('makes anew only the routes of teams and stacks that have changed', async () => {
    const builder = createRouteTableBuilder();
    const teams = [team('one', ['stacks/a.yaml']), team('two', ['stacks/b.yaml'])];
    const mono = async (stacksNow: typeof stacks, homeStacks = new Map<string, string>()) =>
      (await builder.build({ teams, stacks: stacksNow, homeStacks })).find('github.com', 'acme/mono');
    const before = await mono(stacks);
    const after = await mono(new Map([...stacks, ['stacks/b.yaml', stack('b', { shop: 'acme/mono' })]]));
    expect(after.map(({ apps }) => apps)).toEqual([['api', 'web'], ['shop']]);
    expect(after[0]).toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
    const atHome = await mono(stacks, new Map([['api', 'stacks/elsewhere.yaml']]));
    expect(atHome.map(({ apps }) => apps)).toEqual([['web'], ['shop']]);
    expect((await mono(stacks)).map(({ apps }) => apps)).toEqual([['api', 'web'], ['shop']]);
  });
});
