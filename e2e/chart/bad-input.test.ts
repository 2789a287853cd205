/** Values that the chart refuses: by the path, and what is wrong with a team in the words of `tekton-dag team validate`. */

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

interface SharedCase {
  readonly what: string;
  /** Keys of the team file that are bad. */
  readonly team?: Readonly<Record<string, unknown>>;
  readonly values?: Readonly<Record<string, unknown>>;
  /** Where the chart finds it. */
  readonly path: string;
  readonly words: string;
}

const SHARED_CASES: readonly SharedCase[] = [
  {
    what: 'a name that is no DNS label',
    team: { name: 'Shop_1' },
    path: 'name',
    words: '"Shop_1" is not a DNS label',
  },
  {
    what: 'a name with a line break',
    team: { name: 'shop\nbank' },
    path: 'name',
    words: '"shop\\nbank" is not a DNS label',
  },
  { what: 'an empty name', team: { name: '' }, path: 'name', words: '"" is not a DNS label' },
  {
    what: 'a registry with a slash at the end',
    team: { imageRegistry: 'ghcr.io/acme/' },
    path: 'imageRegistry',
    words: '"ghcr.io/acme/" is not an image registry',
  },
  {
    what: 'a registry with a scheme',
    team: { imageRegistry: 'https://ghcr.io' },
    path: 'imageRegistry',
    words: '"https://ghcr.io" is not an image registry',
  },
  {
    what: 'a stack file that does not exist',
    team: { stacks: ['stacks/single-app.yaml', 'stacks/nowhere.yaml'] },
    path: 'stacks[1]',
    words: '"stacks/nowhere.yaml" does not exist',
  },
  {
    what: 'a stack file outside the repository',
    team: { stacks: ['../secrets.yaml'] },
    path: 'stacks[0]',
    words: '"../secrets.yaml" is not the path of a stack file',
  },
  {
    what: 'the namespace kube-system',
    team: { namespace: 'kube-system' },
    path: 'namespace',
    words: '"kube-system" is a reserved namespace',
  },
  {
    what: 'the namespace of Argo CD',
    team: { namespace: 'argocd' },
    path: 'namespace',
    words: '"argocd" is a reserved namespace',
  },
  {
    what: 'a host with a scheme',
    team: { host: 'https://github.com' },
    path: 'host',
    words: '"https://github.com" is not a host name',
  },
  {
    what: 'a URL with a transport that runs programs',
    team: { gitUrl: 'ext::sh -c id' },
    path: 'gitUrl',
    words: '"ext::sh -c id" is not a URL that git can fetch from',
  },
  {
    what: 'a revision that is an option',
    team: { gitRevision: '--upload-pack=id' },
    path: 'gitRevision',
    words: '"--upload-pack=id" is not a branch, tag or commit',
  },
  {
    what: 'a branch with two dots',
    team: { baseBranches: ['main', 'a..b'] },
    path: 'baseBranches[1]',
    words: '"a..b" is not a branch, tag or commit',
  },
  {
    what: 'a mirror for something that is no host',
    team: { registryMirrors: { 'Docker Hub': 'mirror.example.com' } },
    path: 'registryMirrors',
    words: '"Docker Hub" is not a host name',
  },
  {
    what: 'a mirror that is a URL',
    team: { registryMirrors: { 'docker.io': 'https://mirror.example.com' } },
    path: 'registryMirrors.docker.io',
    words: '"https://mirror.example.com" is not an image registry',
  },
  {
    what: 'a package registry with a password, which is not repeated',
    team: { packageProxies: { npm: 'https://me:hunter2@npm.example.com/' } },
    path: 'packageProxies.npm',
    words: '"https://...@npm.example.com/" is not the URL of a package registry',
  },
  {
    what: 'a bot with a space',
    team: { allowedBots: ['renovate bot'] },
    path: 'allowedBots[0]',
    words: '"renovate bot" is not the login of a bot',
  },
  {
    what: 'a user of white space',
    team: { access: [{ role: 'viewer', users: ['ann', ' '] }] },
    path: 'access[0].users[1]',
    words: '" " is not a user or a group',
  },
  {
    what: 'a hook in capitals',
    team: { hooks: { preTest: 'Seed' } },
    path: 'hooks.preTest',
    words: '"Seed" is not a DNS label',
  },
  {
    what: 'an image without a name',
    team: { compileImages: { npm: ':24' } },
    path: 'compileImages.npm',
    words: '":24" is not the name of an image',
  },
  {
    what: 'a catalog from Git without a commit',
    values: { catalog: { source: 'git', url: 'https://github.com/acme/tekton-dag' } },
    path: 'catalog.revision',
    words: '"catalog.source" is git, and "catalog.revision" is empty',
  },
  {
    what: 'a build cache that the team does not name',
    values: { buildCache: { create: true } },
    path: 'buildCacheClaim',
    words: '"buildCache.create" is on, and the team names no claim',
  },
  {
    what: 'two replicas on SQLite',
    values: { orchestrator: { replicas: 2 } },
    path: 'orchestrator.replicas',
    words: 'more than one replica needs Postgres',
  },
  {
    what: 'namespaces of apps of the cluster',
    values: { apps: { namespaces: ['preview', 'kube-public'] } },
    path: 'apps.namespaces[1]',
    words: '"kube-public" is a reserved namespace',
  },
];

/** The values at their paths, as Helm's --set-json takes them. */
async function refusalOf(
  values: Readonly<Record<string, unknown>>,
  namespace = 'shop',
): Promise<{ readonly code: number; readonly stderr: string }> {
  return await renderRelease({ namespace, set: values });
}

describeWithHelm('what is wrong with a team', () => {
  it.each(SHARED_CASES)('is told in the same words by both: $what', async ({ team, values, path, words }) => {
    const whole = { ...TEAM, ...team };
    const [told, refused] = await Promise.all([
      validateTeams([{ team: whole, ...(values === undefined ? {} : { values }) }]),
      refusalOf({ ...whole, ...values }, whole.namespace),
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
    const names = SHARED_CASES.map(({ what }) => what);
    expect(new Set(names).size).toBe(names.length);
  });
});
