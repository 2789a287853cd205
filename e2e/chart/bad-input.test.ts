/** Values that the chart refuses: by the path, and what is wrong with a team in the words of `tekton-dag team validate`. */

import { TEAM_KEYS } from '@tekton-dag/cli';
import { describe, expect, it } from 'vitest';
import { describeWithHelm } from './rig/describe-with-helm.ts';
import { renderRelease } from './rig/render-release.ts';
import { validateTeams } from './rig/validate-teams.ts';

const TEAM = {
  name: 'shop',
  namespace: 'shop',
  imageRegistry: 'ghcr.io/acme',
  stacks: ['stacks/single-app.yaml'],
  gitUrl: 'https://github.com/acme/platform',
};

/** What is wrong, the keys of the team file or of the chart that are, where the chart finds it, and the words of both. */
type SharedCase = readonly [
  what: string,
  wrong: Readonly<Record<string, unknown>>,
  path: string,
  words: string,
];

const SHARED_CASES: readonly SharedCase[] = [
  ['a name that is no DNS label', { name: 'Shop_1' }, 'name', '"Shop_1" is not a DNS label'],
  ['a name with a line break', { name: 'shop\nbank' }, 'name', '"shop\\nbank" is not a DNS label'],
  ['an empty name', { name: '' }, 'name', '"" is not a DNS label'],
  [
    'a registry with a slash at the end',
    { imageRegistry: 'ghcr.io/acme/' },
    'imageRegistry',
    '"ghcr.io/acme/" is not an image registry',
  ],
  [
    'a registry with a scheme',
    { imageRegistry: 'https://ghcr.io' },
    'imageRegistry',
    '"https://ghcr.io" is not an image registry',
  ],
  [
    'a stack file that does not exist',
    { stacks: ['stacks/single-app.yaml', 'stacks/nowhere.yaml'] },
    'stacks[1]',
    '"stacks/nowhere.yaml" does not exist',
  ],
  [
    'a stack file outside the repository',
    { stacks: ['../secrets.yaml'] },
    'stacks[0]',
    '"../secrets.yaml" is not the path of a stack file',
  ],
  [
    'the namespace kube-system',
    { namespace: 'kube-system' },
    'namespace',
    '"kube-system" is a reserved namespace',
  ],
  ['the namespace of Argo CD', { namespace: 'argocd' }, 'namespace', '"argocd" is a reserved namespace'],
  ['a host with a scheme', { host: 'https://github.com' }, 'host', '"https://github.com" is not a host name'],
  [
    'a URL with a transport that runs programs',
    { gitUrl: 'ext::sh -c id' },
    'gitUrl',
    '"ext::sh -c id" is not a URL that git can fetch from',
  ],
  [
    'a revision that is an option',
    { gitRevision: '--upload-pack=id' },
    'gitRevision',
    '"--upload-pack=id" is not a branch, tag or commit',
  ],
  [
    'a branch with two dots',
    { baseBranches: ['main', 'a..b'] },
    'baseBranches[1]',
    '"a..b" is not a branch, tag or commit',
  ],
  [
    'a mirror for something that is no host',
    { registryMirrors: { 'Docker Hub': 'mirror.example.com' } },
    'registryMirrors',
    '"Docker Hub" is not a host name',
  ],
  [
    'a mirror that is a URL',
    { registryMirrors: { 'docker.io': 'https://mirror.example.com' } },
    'registryMirrors.docker.io',
    '"https://mirror.example.com" is not an image registry',
  ],
  [
    'a package registry with a password, which is not repeated',
    { packageProxies: { npm: 'https://me:hunter2@npm.example.com/' } },
    'packageProxies.npm',
    '"https://...@npm.example.com/" is not the URL of a package registry',
  ],
  [
    'a bot with a space',
    { allowedBots: ['renovate bot'] },
    'allowedBots[0]',
    '"renovate bot" is not the login of a bot',
  ],
  [
    'a user of white space',
    { access: [{ role: 'viewer', users: ['ann', ' '] }] },
    'access[0].users[1]',
    '" " is not a user or a group',
  ],
  ['a hook in capitals', { hooks: { preTest: 'Seed' } }, 'hooks.preTest', '"Seed" is not a DNS label'],
  [
    'an image without a name',
    { compileImages: { npm: ':24' } },
    'compileImages.npm',
    '":24" is not the name of an image',
  ],
  [
    'a catalog from Git without a commit',
    { catalog: { source: 'git', url: 'https://github.com/acme/tekton-dag' } },
    'catalog.revision',
    '"catalog.source" is git, and "catalog.revision" is empty',
  ],
  [
    'a build cache that the team does not name',
    { buildCache: { create: true } },
    'buildCacheClaim',
    '"buildCache.create" is on, and the team names no claim',
  ],
  [
    'two replicas on SQLite',
    { orchestrator: { replicas: 2 } },
    'orchestrator.replicas',
    'more than one replica needs Postgres',
  ],
  [
    'namespaces of apps of the cluster',
    { apps: { namespaces: ['preview', 'kube-public'] } },
    'apps.namespaces[1]',
    '"kube-public" is a reserved namespace',
  ],
];

const isOfTeam = ([key]: readonly [string, unknown]): boolean => TEAM_KEYS.includes(key);

/** The values at their paths, as Helm's --set-json takes them. */
async function refusalOf(
  values: Readonly<Record<string, unknown>>,
  namespace = 'shop',
): Promise<{ readonly code: number; readonly stderr: string }> {
  return await renderRelease({ namespace, set: values });
}

describeWithHelm('what is wrong with a team', () => {
  it.each(SHARED_CASES)('is told in the same words by both: %s', async (_, wrong, path, words) => {
    const entries = Object.entries(wrong);
    const team = { ...TEAM, ...Object.fromEntries(entries.filter(isOfTeam)) };
    const values = Object.fromEntries(entries.filter((entry) => !isOfTeam(entry)));
    const [told, refused] = await Promise.all([
      validateTeams([{ team, values }]),
      refusalOf({ ...team, ...values }, team.namespace),
    ]);
    const line = told.find((candidate) => candidate.startsWith(words));
    expect(line ?? told, 'team validate').toMatch(/ \(.+\)$/);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr.split('\n')).toContain(`${path}: ${line}`);
    expect(refused.stderr).not.toContain('hunter2');
  });

  it('is told in the same words by both: two teams that claim one repository and app', async () => {
    const bank = { ...TEAM, name: 'bank' };
    const [told, refused] = await Promise.all([
      validateTeams([{ team: bank }, { team: TEAM }]),
      refusalOf({ ...bank, teams: [TEAM] }),
    ]);
    const line = told.find((candidate) => candidate.includes('of team bank already'));
    expect(line ?? told).toMatch(/ \(leave the app to one of the teams\)$/);
    expect(refused.stderr.split('\n')).toContain(`teams[0].stacks[0]: ${line}`);
  });

  it('is told all at once', async () => {
    const { stderr } = await refusalOf({
      name: 'Shop',
      imageRegistry: 'x/',
      stacks: ['stacks/nowhere.yaml'],
    });
    expect(stderr.match(/^(?:name|imageRegistry|stacks\[0\]): /gm)).toHaveLength(3);
  });

  it('is told of further teams with their place', async () => {
    const { stderr } = await refusalOf({ teams: [{ ...TEAM, name: 'Bank', namespace: 'bank' }] });
    expect(stderr).toContain('teams[0].name: "Bank" is not a DNS label');
    expect(stderr).toContain('teams[0].namespace: "bank" is not the namespace of the release');
  });
});

/** Values by path, the path that Helm tells, and its words for it. */
const SCHEMA_CASES: readonly (readonly [path: string, value: unknown, told: string])[] = [
  ['orchestrator.replicas', 'two', "at '/orchestrator/replicas': got string, want integer"],
  ['orchestrator.replicas', 1.5, "at '/orchestrator/replicas': got number, want integer"],
  ['orchestrator.replicas', -1, "at '/orchestrator/replicas': minimum: got -1, want 0"],
  ['orchestrator.replica', 2, "at '/orchestrator': additional properties 'replica' not allowed"],
  ['orchestrater', {}, "at '': additional properties 'orchestrater' not allowed"],
  ['stacks', 'stacks/stack-one.yaml', "at '/stacks': got string, want array"],
  ['stacks', [1], "at '/stacks/0': got number, want string"],
  ['name', 7, "at '/name': got number, want string"],
  ['name', null, "at '': missing property 'name'"],
  ['maxConcurrentRuns', 0, "at '/maxConcurrentRuns': minimum: got 0, want 1"],
  ['maxConcurrentRuns', '3', "at '/maxConcurrentRuns': got string, want integer"],
  [
    'interceptBackend',
    'istio',
    "at '/interceptBackend': value must be one of 'gateway', 'telepresence', 'mirrord'",
  ],
  ['access', [{ role: 'owner' }], "at '/access/0/role': value must be one of 'viewer', 'runner', 'admin'"],
  ['hooks.beforeBuild', 'x', "at '/hooks': additional properties 'beforeBuild' not allowed"],
  ['teams', [{ name: 'b' }], "at '/teams/0': missing properties 'imageRegistry', 'stacks', 'gitUrl'"],
  ['catalog.source', 'helm', "at '/catalog/source': value must be one of 'chart', 'existing', 'git'"],
  ['catalog.revision', 'main', "at '/catalog/revision': 'main' does not match pattern"],
  ['image.digest', 'latest', "at '/image/digest': 'latest' does not match pattern"],
  ['image.registry', 'ghcr.io/acme/', "at '/image/registry': 'ghcr.io/acme/' does not match pattern"],
  ['commonLabels.tier', 'a b', "at '/commonLabels/tier': 'a b' does not match pattern"],
  ['orchestrator.settings.TEKTON_DAG_NO_SUCH', '1', "additional properties 'TEKTON_DAG_NO_SUCH' not allowed"],
  [
    'orchestrator.settings.TEKTON_DAG_STORE_URL',
    'x',
    "additional properties 'TEKTON_DAG_STORE_URL' not allowed",
  ],
  ['orchestrator.settings.TEKTON_DAG_LEASE_SECONDS', 1, "TEKTON_DAG_LEASE_SECONDS': minimum: got 1, want 2"],
  ['orchestrator.settings.TEKTON_DAG_PUBLIC_URL', 'ftp://x', "'ftp://x' does not match pattern"],
  ['orchestrator.service.port', 70_000, "at '/orchestrator/service/port': maximum: got 70,000, want 65,535"],
  ['orchestrator.ingress.enabled', 'yes', "at '/orchestrator/ingress/enabled': got string, want boolean"],
  [
    'orchestrator.tolerations',
    [{ effect: 'Never' }],
    "at '/orchestrator/tolerations/0/effect': value must be one of",
  ],
  [
    'networkPolicy.from',
    [{ podselector: {} }],
    "at '/networkPolicy/from/0': additional properties 'podselector' not allowed",
  ],
  ['buildCache.size', 'lots', "at '/buildCache/size': 'lots' does not match pattern"],
  ['extraObjects', [{ kind: 'ConfigMap' }], "at '/extraObjects/0': missing property 'apiVersion'"],
];

describeWithHelm('a value of the wrong form', () => {
  it.each(SCHEMA_CASES)('is refused with its path: %s: %j', async (path, value, told) => {
    const { code, stderr } = await refusalOf({ [path]: value });
    expect(stderr).toContain("values don't meet the specifications of the schema");
    expect(stderr).toContain(told);
    expect(code).not.toBe(0);
  });
});

describe('the table of shared words', () => {
  it('has a case of its own for each line', () => {
    const names = SHARED_CASES.map(([what]) => what);
    expect(new Set(names).size).toBe(names.length);
  });
});
