import { describe, expect, it } from 'vitest';
import { parseTeam } from './parse-team.ts';

const MINIMAL = `name: shop
imageRegistry: localhost:5000/shop
stacks: []
gitUrl: git@github.com:acme/platform.git
`;

function codesOf(text: string): string[] {
  const team = parseTeam(text, 'team.yaml');
  return team.ok ? [] : team.error.map(({ code, line, column }) => `${line}:${column} ${code}`);
}

describe('parseTeam', () => {
  it('fills every default in', () => {
    expect(parseTeam(MINIMAL, 'team.yaml')).toEqual({
      ok: true,
      value: {
        name: 'shop',
        namespace: 'tekton-pipelines',
        host: 'github.com',
        imageRegistry: 'localhost:5000/shop',
        interceptBackend: 'gateway',
        maxConcurrentRuns: 3,
        maxParallelBuilds: 5,
        weight: 1,
        stacks: [],
        gitUrl: 'git@github.com:acme/platform.git',
        gitRevision: 'main',
        versionsFile: 'stacks/versions.yaml',
        gitBaseUrl: 'https://github.com',
        baseBranches: ['main'],
        allowedBots: [],
        access: [],
        compileImages: {},
        hooks: {},
        insecureRegistries: [],
        registryMirrors: {},
        packageProxies: {},
      },
    });
  });

  it('takes the base of app repositories from the host', () => {
    expect(parseTeam(`${MINIMAL}host: git.example.com`, 'team.yaml')).toMatchObject({
      value: { host: 'git.example.com', gitBaseUrl: 'https://git.example.com' },
    });
  });

  it('keeps what is set', () => {
    const text = `${MINIMAL}cluster: east
interceptBackend: mirrord
maxConcurrentRuns: 1
gitBaseUrl: file:///srv/git
weight: 4
versionsFile: teams/shop/versions.yaml
allowedBots: ['renovate[bot]']
access: [{ role: runner, groups: ['shop:developers'] }]
baseBranches: [main, release/1.x]
compileImages: { npm: "docker.io/library/node:24@sha256:${'a'.repeat(64)}" }
hooks: { preBuild: scan }
`;
    expect(parseTeam(text, 'team.yaml')).toMatchObject({
      value: {
        cluster: 'east',
        interceptBackend: 'mirrord',
        maxConcurrentRuns: 1,
        gitBaseUrl: 'file:///srv/git',
        weight: 4,
        versionsFile: 'teams/shop/versions.yaml',
        allowedBots: ['renovate[bot]'],
        access: [{ role: 'runner', users: [], groups: ['shop:developers'] }],
        baseBranches: ['main', 'release/1.x'],
        hooks: { preBuild: 'scan' },
      },
    });
  });

  it.each([
    ['imageRegistry: https://ghcr.io/acme', '2:16 bad-registry'],
    ['imageRegistry: ghcr.io/acme/', '2:16 bad-registry'],
    ['imageRegistry: ""', '2:16 bad-registry'],
    ['imageRegistry: [a]', '2:16 wrong-type'],
  ])('refuses %s', (line, code) => {
    expect(codesOf(MINIMAL.replace('imageRegistry: localhost:5000/shop', line))).toEqual([code]);
  });

  it.each([
    ['gitBaseUrl: ext::sh -c id', 'bad-url'],
    ['gitBaseUrl: --upload-pack=id', 'bad-url'],
    ['gitRevision: --exec', 'bad-revision'],
    ['gitRevision: a..b', 'bad-revision'],
    ['maxConcurrentRuns: 0', 'bad-value'],
    ['maxParallelBuilds: 1001', 'bad-value'],
    ['maxParallelBuilds: many', 'wrong-type'],
    ['interceptBackend: mirord', 'unknown-value'],
    ['maxConcurentRuns: 1', 'unknown-key'],
    ['hooks: { preBuild: Scan }', 'bad-name'],
    ['compileImages: { npm: "node latest" }', 'bad-image'],
    ['baseBranches: []', 'empty'],
    ['insecureRegistries: ["http://r.example"]', 'bad-host'],
    ['registryMirrors: { docker.io: "https://m.example" }', 'bad-registry'],
    ['packageProxies: { npm: "npm.example" }', 'bad-url'],
    ['packageProxies: { npm: "https://me:secret@npm.example/" }', 'bad-url'],
    ["packageProxies: { maven: 'https://m.example/<url>' }", 'bad-url'],
    ['packageProxies: { cargo: "https://c.example" }', 'unknown-key'],
    ['namespace: kube-system', 'reserved-namespace'],
    ['namespace: kube-anything', 'reserved-namespace'],
    ['namespace: argocd', 'reserved-namespace'],
    ['namespace: Shop', 'bad-name'],
    ['weight: 0', 'bad-value'],
    ['weight: 101', 'bad-value'],
    ['versionsFile: ../versions.yaml', 'bad-path'],
    ["allowedBots: ['a b']", 'bad-name'],
    ['access: [{ role: owner, users: [ann] }]', 'unknown-value'],
    ['access: [{ role: admin, users: ["a\\nb"] }]', 'bad-name'],
    ['stacks: []', 'duplicate-key'],
  ])('refuses %s as %s', (line, code) => {
    expect(codesOf(MINIMAL + line)).toEqual([expect.stringMatching(new RegExp(`^5:\\d+ ${code}$`))]);
  });

  it('tells of a thousand unknown keys what fits on a page', () => {
    const unknown = Array.from({ length: 1_000 }, (_, index) => `key${index}: 1\n`).join('');
    const codes = codesOf(MINIMAL + unknown);
    expect(codes).toHaveLength(51);
    expect(parseTeam(MINIMAL + unknown, 'team.yaml')).toMatchObject({
      error: expect.arrayContaining([expect.objectContaining({ message: '950 more unknown keys' })]),
    });
  });

  it('does not repeat the credentials of a URL', () => {
    const team = parseTeam(
      `${MINIMAL}packageProxies: { npm: "https://me:hunter2@npm.example/" }`,
      'team.yaml',
    );
    expect(JSON.stringify(team)).toContain('https://...@npm.example/');
    expect(JSON.stringify(team)).not.toContain('hunter2');
  });

  it('refuses stacks outside the repository, and second spellings of paths inside it', () => {
    expect(
      codesOf(
        MINIMAL.replace(
          '[]',
          '[/etc/x.yaml, ../y.yaml, a/../../z.yaml, s.yaml, ./t.yaml, a//u.yaml, a/./v.yaml, .w.yaml]',
        ),
      ),
    ).toEqual([
      '3:10 bad-path',
      '3:23 bad-path',
      '3:34 bad-path',
      '3:58 bad-path',
      '3:68 bad-path',
      '3:79 bad-path',
    ]);
  });
});
