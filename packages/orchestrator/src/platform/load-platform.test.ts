import { describe, expect, it } from 'vitest';
import { createPlatformLoader } from './load-platform.ts';
import type { PlatformFiles } from './platform-files.ts';
import { describeProblem } from './platform-problem.ts';

const teamText = (name: string, stacks: readonly string[], more = ''): string => `name: ${name}
imageRegistry: ghcr.io/acme
gitUrl: https://github.com/acme/platform
stacks:${stacks.length === 0 ? ' []' : ''}
${stacks.map((stack) => `  - stacks/${stack}.yaml\n`).join('')}${more}`;

const stackText = (name: string, repo = 'acme/web', app = 'web'): string => `name: ${name}
defaults: { namespace: ${name} }
apps:
  - name: ${app}
    repo: ${repo}
    role: standalone
`;

/** Files in memory; what is changed in `texts` is what the next load sees. */
function inMemory(texts: Record<string, string>, registryPath?: string): PlatformFiles {
  return {
    listTeams: async () => ({
      paths: Object.keys(texts)
        .filter((path) => path.startsWith('teams/'))
        .sort(),
      ...(registryPath === undefined ? {} : { registryPath }),
    }),
    pathOfStack: (stackFile) => stackFile,
    stampOf: async () => undefined,
    readText: async (path) => {
      const text = texts[path];
      if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      return text;
    },
  };
}

const loaderOf = (files: PlatformFiles) =>
  createPlatformLoader({ files, defaultNamespaceOf: () => 'staging' });

async function problemsOf(texts: Record<string, string>): Promise<readonly string[]> {
  const { problems } = await loaderOf(inMemory(texts)).load();
  return problems.map((problem) => `${problem.severity} ${describeProblem(problem)}`);
}

describe('a platform of several files', () => {
  it('is the same value as long as no file changes', async () => {
    const texts = { 'teams/a': teamText('a', ['one']), 'stacks/one.yaml': stackText('one') };
    const loader = loaderOf(inMemory(texts));
    const first = await loader.load();
    expect(await loader.load(first)).toBe(first);
    texts['stacks/one.yaml'] = stackText('one', 'acme/other');
    const second = await loader.load(first);
    expect(second.routes.find('github.com', 'acme/other')).toHaveLength(1);
    expect(first.routes.find('github.com', 'acme/other')).toHaveLength(0);
    expect(second.teams.get('a')).toBe(first.teams.get('a'));
  });

  it('keeps a broken file as it was when it was last good, and takes the others as they are now', async () => {
    const texts: Record<string, string> = {
      'teams/a': teamText('a', ['one']),
      'teams/b': teamText('b', ['two']),
      'stacks/one.yaml': stackText('one'),
      'stacks/two.yaml': stackText('two', 'acme/api'),
    };
    const loader = loaderOf(inMemory(texts));
    const first = await loader.load();
    texts['teams/a'] = 'name: [';
    texts['stacks/one.yaml'] = 'name: one';
    texts['teams/b'] = teamText('b', ['two'], 'weight: 7\n');
    const second = await loader.load(first);
    expect(second.teams.get('a')).toBe(first.teams.get('a'));
    expect(second.routes.find('github.com', 'acme/web')).toHaveLength(1);
    expect(second.teams.get('b')?.weight).toBe(7);
    expect(second.problems.map(({ file }) => file)).toContain('teams/a');
    delete texts['stacks/two.yaml'];
    const third = await loader.load(second);
    expect(third.stacks.get('stacks/two.yaml')).toBe(first.stacks.get('stacks/two.yaml'));
    expect(third.problems.map(describeProblem)).toContain(
      'teams/b:5:5: "stacks/two.yaml" does not exist (write the path of a stack file in the platform repository, such as stacks/stack-one.yaml)',
    );
    texts['teams/a'] = teamText('a', ['one']);
    texts['stacks/one.yaml'] = stackText('one');
    texts['stacks/two.yaml'] = stackText('two', 'acme/api');
    expect((await loader.load(third)).problems).toEqual([]);
  });

  it('forgets a team whose file is gone, but not all of them at once', async () => {
    const texts: Record<string, string> = {
      'teams/a': teamText('a', ['one']),
      'teams/b': teamText('b', ['one']),
      'stacks/one.yaml': stackText('one'),
    };
    const loader = loaderOf(inMemory(texts));
    const first = await loader.load();
    delete texts['teams/a'];
    const second = await loader.load(first);
    expect([...second.teams.keys()]).toEqual(['b']);
    delete texts['teams/b'];
    const third = await loader.load(second);
    expect([...third.teams.keys()]).toEqual(['b']);
    expect(third.problems.map(({ code }) => code)).toEqual(['no-teams']);
    expect(await loader.load(third)).toBe(third);
  });

  it('leaves out the second team of a name, and the second stack of a name in a team', async () => {
    const texts = {
      'teams/a': teamText('same', ['one', 'two', 'three', 'one']),
      'teams/b': teamText('same', ['one']),
      'stacks/one.yaml': stackText('shop'),
      'stacks/two.yaml': stackText('shop', 'acme/api', 'api'),
      'stacks/three.yaml': stackText('three', 'acme/api', 'api'),
    };
    expect(await problemsOf(texts)).toEqual([
      'error teams/b:1:7: the team "same" is already in teams/a; this file is left out (give each team a name of its own)',
      'error teams/a:6:5: stacks/two.yaml has the same name as stacks/one.yaml, "shop"; it is left out of the team (give each stack of a team a name of its own)',
      'warning teams/a:8:5: stacks/one.yaml is listed twice (take one of them out)',
    ]);
    const { teams, routes } = await loaderOf(inMemory(texts)).load();
    expect(teams.get('same')?.stacks).toEqual(['stacks/one.yaml', 'stacks/three.yaml']);
    expect(routes.find('github.com', 'acme/api').map(({ stackFile }) => stackFile)).toEqual([
      'stacks/three.yaml',
    ]);
  });

  it('serves an app to both teams that claim it, and calls that an error', async () => {
    const texts = {
      'teams/a': teamText('a', ['one', 'copy']),
      'teams/b': teamText('b', ['other', 'two', 'three'], 'cluster: east\n'),
      'teams/c': teamText('c', ['elsewhere'], 'host: git.example.com\n'),
      'stacks/one.yaml': stackText('one'),
      'stacks/copy.yaml': stackText('copy'),
      'stacks/other.yaml': stackText('other', 'acme/web', 'api'),
      'stacks/two.yaml': stackText('two', 'Acme/WEB'),
      'stacks/three.yaml': stackText('three', 'github.com/acme/web'),
      'stacks/elsewhere.yaml': stackText('elsewhere'),
    };
    expect(await problemsOf(texts)).toEqual([
      'error teams/b:6:5: Acme/WEB feeds web of team a already (leave the app to one of the teams)',
      'error teams/b:7:5: github.com/acme/web feeds web of team a already (leave the app to one of the teams)',
    ]);
    const { routes } = await loaderOf(inMemory(texts)).load();
    const teams = routes.find('github.com', 'acme/web').map(({ team }) => team.name);
    expect([...new Set(teams)].sort()).toEqual(['a', 'b']);
  });

  it('tells of what may not be meant: shared apps, shared namespaces, teams without stacks', async () => {
    const texts = {
      'teams/a': teamText('a', ['one']),
      'teams/b': teamText('b', ['one', 'two']),
      'teams/c': teamText('c', []),
      'stacks/one.yaml': stackText('one'),
      'stacks/two.yaml': `name: two
apps:
  - { name: api, repo: acme/api, role: standalone, namespace: two }
  - { name: web, repo: acme/another, role: standalone, namespace: one }
`,
    };
    expect(await problemsOf(texts)).toEqual([
      'warning teams/c:4:9: the team has no stack, so no repository leads to it',
      'error teams/b:5:5: acme/web feeds web of team a already (leave the app to one of the teams)',
      'error stacks/two.yaml:4:13: web in namespace one is also acme/web of stacks/one.yaml: they overwrite each other (give one of them another name or namespace)',
    ]);
  });

  it('gives the stacks of the registry to the one implicit team, each app to its home stack', async () => {
    const both = `name: NAME
apps:
  - { name: web, repo: acme/web, role: standalone }
  - { name: api, repo: acme/api, role: standalone }
`;
    const texts = {
      'teams/settings': teamText('default', []),
      'stacks/one.yaml': both.replace('NAME', 'one'),
      'stacks/two.yaml': both.replace('NAME', 'two'),
      registry: 'repos:\n  web: { stack: one.yaml }\n  api: { stack: two.yaml }\n',
    };
    const { routes, teams, homeStacks } = await loaderOf(inMemory(texts, 'registry')).load();
    expect(teams.get('default')?.stacks).toEqual(['stacks/one.yaml', 'stacks/two.yaml']);
    const stacksOf = (repository: string) =>
      routes.find('github.com', repository).map(({ stackFile }) => stackFile);
    expect(stacksOf('acme/web')).toEqual(['stacks/one.yaml']);
    expect(stacksOf('acme/api')).toEqual(['stacks/two.yaml']);
    expect(homeStacks.get('api')).toBe('stacks/two.yaml');
  });

  it('does not read what nobody can have written by hand', async () => {
    const keys = Array.from({ length: 40_000 }, (_, index) => `k${index}: 1\n`).join('');
    const texts = {
      'teams/a': teamText('a', ['one']),
      'teams/b': `${teamText('b', [])}# ${'x'.repeat(1024 * 1024)}`,
      'teams/c': teamText('c', [], keys),
      'teams/d': '['.repeat(100_000),
      'stacks/one.yaml': stackText('one'),
    };
    const { teams, problems } = await loaderOf(inMemory(texts)).load();
    expect([...teams.keys()]).toEqual(['a']);
    expect(problems.filter(({ code }) => code === 'too-long').map(({ file }) => file)).toEqual([
      'teams/b',
      'teams/c',
    ]);
    expect(problems.map(({ file }) => file)).toContain('teams/d');
  });

  it('counts what is more than anybody reads', async () => {
    const teams = Array.from(
      { length: 150 },
      (_, index) => [`teams/${index}`, teamText(`t${index}`, [])] as const,
    );
    const { problems } = await loaderOf(inMemory(Object.fromEntries(teams))).load();
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)?.message).toBe('50 more conflicts between teams');
  });
});
