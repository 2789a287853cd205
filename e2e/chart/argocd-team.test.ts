/** argocd/team: what Argo CD gets for one team, whatever the folders of the others say. */

import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { describeWithHelm } from './rig/describe-with-helm.ts';
import { runProgram, type ProgramOutcome } from './rig/run-program.ts';

const checkout = resolve(import.meta.dirname, '../..');

interface Rendered {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly finalizers?: readonly string[];
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly destinations?: readonly { readonly name: string; readonly namespace: string }[];
    readonly destination?: object;
    readonly syncPolicy?: { readonly retry?: { readonly limit: number; readonly backoff: object } };
    readonly source?: {
      readonly helm?: {
        readonly valuesObject?: { readonly namespaces: readonly string[]; readonly podSecurity?: string };
      };
    };
  };
}

const directories: string[] = [];
afterEach(async () => {
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true });
});

const team = (name: string, fields: object = {}): string =>
  JSON.stringify({ name, namespace: name, stacks: [`stacks/${name}.yaml`], ...fields });
const stack = (namespace: string): string =>
  JSON.stringify({ name: 'any', defaults: { namespace }, apps: [{ name: 'web' }] });

/** The files of a team that is in order. */
const folder = (name: string, appsNamespace = `${name}-apps`): Readonly<Record<string, string>> => ({
  [`teams/${name}/team.yaml`]: team(name),
  [`teams/${name}/values.yaml`]: 'image: {}',
  [`stacks/${name}.yaml`]: stack(appsNamespace),
});

async function render(
  name: string,
  files: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<ProgramOutcome> {
  const directory = await mkdtemp(join(tmpdir(), 'tekton-dag-argocd-'));
  directories.push(directory);
  for (const part of ['Chart.yaml', 'values.yaml', '.helmignore', 'templates']) {
    await cp(join(checkout, 'argocd/team', part), join(directory, part), { recursive: true });
  }
  const rules = await readFile(join(checkout, 'helm/tekton-dag/files/team-rules.yaml'), 'utf8');
  for (const [path, text] of Object.entries({ 'team-rules.yaml': rules, ...files })) {
    await mkdir(dirname(join(directory, 'files', path)), { recursive: true });
    await writeFile(join(directory, 'files', path), text);
  }
  const set = ['--set', `team=${name},repoURL=https://git.example.com/p,revision=main`];
  return await runProgram('helm', ['template', name, directory, '--namespace', 'argocd', ...set, ...args]);
}

async function objectsOf(...request: Parameters<typeof render>): Promise<readonly Rendered[]> {
  const { code, stdout, stderr } = await render(...request);
  expect(code, stderr).toBe(0);
  return parseAllDocuments(stdout).map((document): Rendered => document.toJS());
}

const projectOf = (objects: readonly Rendered[]): readonly string[] =>
  objects
    .find(({ kind }) => kind === 'AppProject')
    ?.spec.destinations?.map((place) => `${place.name}/${place.namespace}`) ?? [];
const madeBy = (objects: readonly Rendered[]): readonly string[] =>
  objects.flatMap(({ spec }) => spec.source?.helm?.valuesObject?.namespaces ?? []);

describeWithHelm('what Argo CD gets for a team', () => {
  it('is a project, its namespaces and its release', async () => {
    const objects = await objectsOf('shop', folder('shop'));
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'AppProject tekton-dag-shop',
      'Application namespaces-shop',
      'Application tekton-dag-shop',
    ]);
    expect(projectOf(objects)).toEqual(['in-cluster/shop', 'in-cluster/shop-apps']);
    expect(madeBy(objects)).toEqual(['shop', 'shop-apps']);
  });

  it.each([
    ['no YAML', '}: {{ ['],
    ['a list', '[1, 2]'],
    ['a text', 'hello'],
    ['empty', ''],
    ['of wrong types', 'name: [x]\nnamespace: 7\ncluster: {}\nstacks: no\n'],
    ['full of wrong stacks', 'name: x\nnamespace: x\nstacks: [1, {}, ../../x, stacks/shop.yaml]\n'],
  ])("is the same when another team's file is %s", async (_, text) => {
    const broken = {
      'teams/aaa/team.yaml': text,
      'teams/aaa/values.yaml': text,
      'stacks/aaa.yaml': text,
      'teams/bbb/team.yaml': team('bbb'),
      'stacks/bbb.yaml': text,
    };
    const [alone, together] = [
      await objectsOf('shop', folder('shop')),
      await objectsOf('shop', { ...folder('shop'), ...broken }),
    ];
    expect(together.map(({ spec }) => spec.destination)).toEqual(alone.map(({ spec }) => spec.destination));
    expect(projectOf(together)).toEqual(projectOf(alone));
  });

  it('leaves out the namespace of another release and those of the cluster', async () => {
    const others = { ...folder('bakery'), ...folder('shop', 'bakery') };
    expect(projectOf(await objectsOf('shop', others))).toEqual(['in-cluster/shop']);
    expect(projectOf(await objectsOf('shop', folder('shop', 'kube-system')))).toEqual(['in-cluster/shop']);
  });

  it('has a shared namespace of apps made by the first team alone', async () => {
    const both = { ...folder('bakery', 'staging'), ...folder('shop', 'staging') };
    expect(madeBy(await objectsOf('bakery', both))).toEqual(['bakery', 'staging']);
    const second = await objectsOf('shop', both);
    expect(madeBy(second)).toEqual(['shop']);
    expect(projectOf(second)).toEqual(['in-cluster/shop', 'in-cluster/staging']);
  });

  it('goes to the cluster that the team names, where namespaces of other clusters do not count', async () => {
    const files = {
      ...folder('bakery'),
      ...folder('shop'),
      'teams/shop/team.yaml': team('shop', { namespace: 'bakery', cluster: 'east' }),
    };
    const objects = await objectsOf('shop', files);
    expect(projectOf(objects)).toEqual(['east/bakery', 'east/shop-apps']);
  });

  it.each([
    [
      'both of two teams with one namespace',
      { 'teams/shop/team.yaml': team('shop', { namespace: 'bakery' }) },
      'that of team bakery',
    ],
    [
      'a reserved namespace',
      { 'teams/shop/team.yaml': team('shop', { namespace: 'argocd' }) },
      '"argocd" is a reserved namespace',
    ],
    [
      'a cluster that is a pattern for several',
      { 'teams/shop/team.yaml': team('shop', { cluster: '*' }) },
      'cluster: "*" is not the name of one cluster',
    ],
    [
      'a namespace that is a pattern for several',
      { 'teams/shop/team.yaml': team('shop', { namespace: '*' }) },
      'namespace: "*" is not a DNS label',
    ],
    ['a name that is too long for a label', { 'teams/shop/team.yaml': team('s'.repeat(64)) }, 'name: "ssss'],
    ['a missing team file', { 'teams/shop/team.yaml': '' }, 'teams/shop/team.yaml: is missing or empty'],
    ['a team file that is no YAML', { 'teams/shop/team.yaml': '}{' }, 'teams/shop/team.yaml: is no YAML'],
  ])('is refused for %s', async (_, change, words) => {
    const { code, stderr } = await render('shop', { ...folder('bakery'), ...folder('shop'), ...change });
    expect(code).not.toBe(0);
    expect(stderr).toContain(words);
  });

  it.each(['*', 'shop-?', 'k*', '!bakery', '{argocd,bakery}', '[a-z]*', 'Shop', '-', 'a b'])(
    'has no namespace %j in its project, whatever its stack says',
    async (namespace) => {
      const objects = await objectsOf('shop', { ...folder('bakery'), ...folder('shop', namespace) });
      expect(projectOf(objects)).toEqual(['in-cluster/shop']);
      expect(madeBy(objects)).toEqual(['shop']);
    },
  );

  it('has no namespace of what its own values.yaml says', async () => {
    const values = {
      apps: { namespaces: ['bakery-apps'], defaultNamespace: 'monitoring' },
      stacks: ['stacks/bakery.yaml'],
      stackFiles: { 'stacks/shop.yaml': stack('bakery-apps') },
    };
    const files = {
      ...folder('bakery'),
      ...folder('shop'),
      'teams/shop/values.yaml': JSON.stringify(values),
    };
    expect(projectOf(await objectsOf('shop', files))).toEqual(['in-cluster/shop', 'in-cluster/shop-apps']);
  });

  it('is the same when another team has files that are too large for Helm', async () => {
    const large = 'x'.repeat(6 << 20);
    const paths = ['values.yaml', 'dump.bin', 'backup-of-team.yaml', 'eam.yaml', 'yaml', 'more/team.yaml'];
    const dumps = Object.fromEntries(paths.map((path) => [`teams/aaa/${path}`, large]));
    expect(await objectsOf('shop', { ...folder('aaa'), ...folder('shop'), ...dumps })).toEqual(
      await objectsOf('shop', { ...folder('aaa'), ...folder('shop') }),
    );
  });

  it.each([
    ['gateway', 'baseline', 'baseline'],
    ['mirrord', 'baseline', 'privileged'],
    ['telepresence', 'restricted', 'privileged'],
    ['telepresence', '', ''],
  ])(
    'with taps of %s, where %j is asked for, has namespaces that enforce %j',
    async (backend, asked, level) => {
      const files = {
        ...folder('shop'),
        'teams/shop/team.yaml': team('shop', { interceptBackend: backend }),
      };
      const objects = await objectsOf('shop', files, '--set', `podSecurity=${asked}`);
      expect(objects[1]?.spec.source?.helm?.valuesObject?.podSecurity).toBe(level);
    },
  );

  it('is tried again for two minutes at the most, since it cannot be removed meanwhile', async () => {
    const applications = (await objectsOf('shop', folder('shop'))).filter(
      ({ kind }) => kind === 'Application',
    );
    const set: { readonly spec: { readonly template: Rendered } } = parseAllDocuments(
      await readFile(join(checkout, 'argocd/teams.yaml'), 'utf8'),
    )[0]?.toJS();
    for (const { spec } of [...applications, set.spec.template]) {
      const { limit, backoff } = spec.syncPolicy?.retry ?? { limit: Infinity, backoff: {} };
      expect(backoff).toEqual({ duration: '5s', factor: 2, maxDuration: '30s' });
      const pausesS = Array.from({ length: limit }, (_, tries) => Math.min(5 * 2 ** tries, 30));
      expect(pausesS.reduce((sum, pauseS) => sum + pauseS, 0)).toBeLessThanOrEqual(120);
    }
  });

  it("has namespaces that enforce Pod Security, Tekton's own excepted", async () => {
    const values = ['--set', 'podSecurity=baseline,namespaces={shop,tekton-pipelines}'];
    const chart = join(checkout, 'argocd/namespaces');
    const { stdout } = await runProgram('helm', ['template', 'namespaces', chart, ...values]);
    const made = parseAllDocuments(stdout).map((document): Rendered => document.toJS());
    expect(made.map(({ metadata }) => [metadata.name, metadata.labels])).toEqual([
      ['shop', { 'pod-security.kubernetes.io/enforce': 'baseline' }],
      ['tekton-pipelines', undefined],
    ]);
  });

  it('cannot have the project that sets all teams up', async () => {
    const platform = await readFile(join(checkout, 'argocd/project.yaml'), 'utf8');
    const project: Rendered = parseAllDocuments(platform)[0]?.toJS();
    expect(project.metadata.name).not.toMatch(/^tekton-dag-./);
  });

  it('keeps, asks or goes when its folder is gone, as it is told', async () => {
    const finalizers = async (removal: string): Promise<unknown> =>
      (await objectsOf('shop', folder('shop'), '--set', `removal=${removal}`))[2]?.metadata.finalizers;
    expect(await finalizers('delete')).toEqual(['resources-finalizer.argocd.argoproj.io']);
    expect(await finalizers('keep')).toBeUndefined();
    const { stdout } = await render('shop', folder('shop'), '--set', 'removal=confirm');
    expect(stdout).toContain('argocd.argoproj.io/sync-options: Delete=confirm,Prune=confirm');
  });
});
