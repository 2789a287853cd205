/** What `tekton-dag team validate` finds between team.yaml and values.yaml, and between the releases of several teams. */

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTeamsCheckout, stackText, teamText, type TeamsCheckout } from './teams-checkout.ts';

describe('tekton-dag team validate, over releases', () => {
  let checkout: TeamsCheckout;

  beforeEach(async () => {
    checkout = await createTeamsCheckout();
  });
  afterEach(() => checkout[Symbol.asyncDispose]());

  const validate: TeamsCheckout['validate'] = (files) => checkout.validate(files);

  const shopWith = (values: string, team = ''): Promise<readonly string[]> =>
    validate({
      'teams/shop/team.yaml': teamText('shop', team),
      'teams/shop/values.yaml': values,
      'stacks/shop.yaml': stackText('shop'),
    });

  const VALID = ['1 teams, 1 stacks: VALID'];

  it('takes a name of which Argo CD can make one of a release, and no longer one', async () => {
    const named = (name: string): Promise<readonly string[]> =>
      validate({
        [`teams/${name}/team.yaml`]: teamText(name),
        [`teams/${name}/values.yaml`]: '{}\n',
        [`stacks/${name}.yaml`]: `name: shop\napps: [{ name: shop, repo: acme/shop, role: standalone }]\n`,
      });
    expect(await named('s'.repeat(42))).toEqual(VALID);
    await rm(join(checkout.directory, 'teams'), { recursive: true });
    const name = 's'.repeat(43);
    expect(await named(name)).toContain(
      `error: teams/${name}/team.yaml:1:7: the release tekton-dag-${name} would have a longer name than Helm takes`,
    );
  });

  it.each([
    ['imageRegistry: ghcr.io/acme', 'error: teams/shop/values.yaml:1:1: unknown key "imageRegistry"'],
    ['image: { tags: x }', 'error: teams/shop/values.yaml:1:10: unknown key "tags"'],
    [
      'orchestrator: { replicas: 2 }',
      'error: teams/shop/values.yaml:1:27: more than one replica needs Postgres',
    ],
    [
      'orchestrator: { autoscaling: { enabled: true } }',
      'error: teams/shop/values.yaml:1:41: more than one replica needs Postgres',
    ],
    [
      'buildCache: { create: true }',
      'error: teams/shop/values.yaml:1:23: "buildCache.create" is on, and the team names no claim',
    ],
    [
      'triggers: { enabled: true }',
      'error: teams/shop/values.yaml:1:1: an EventListener takes signed requests only',
    ],
    [
      'stackFiles: { stacks/other.yaml: "" }',
      'warning: teams/shop/values.yaml:1:34: "stacks/other.yaml" is given, and no team of the release lists it',
    ],
  ])('tells of %s', async (values, line) => {
    expect(await shopWith(`${values}\n`)).toEqual(line.startsWith('warning') ? [line, ...VALID] : [line]);
  });

  it.each([
    ['orchestrator: { replicas: 2, store: { postgres: { existingSecret: db } } }', ''],
    ['orchestrator: { replicas: 2, enabled: false }', ''],
    ['buildCache: { create: true }', 'buildCacheClaim: cache\n'],
    ['triggers: { enabled: true, webhookSecret: { name: hook } }', ''],
    ['stackFiles: { stacks/shop.yaml: "" }', ''],
    [`catalog: { source: git, url: https://github.com/acme/p, revision: ${'a'.repeat(40)} }`, ''],
  ])('takes %s', async (values, team) => {
    expect(await shopWith(`${values}\n`, team)).toEqual(VALID);
  });

  it('tells of both values that a catalog from Git lacks', async () => {
    expect(await shopWith('catalog:\n  source: git\n  url: ""\n')).toEqual([
      'error: teams/shop/values.yaml:3:8: "catalog.source" is git, and "catalog.url" is empty',
      'error: teams/shop/values.yaml:1:1: "catalog.source" is git, and "catalog.revision" is empty',
    ]);
  });

  it('tells of a folder with another name, of one without values, and of one without a team', async () => {
    const lines = await validate({
      'teams/shop/team.yaml': teamText('bank'),
      'teams/shop/values.yaml': '{}\n',
      'teams/zoo/team.yaml': teamText('zoo'),
      'teams/lost/values.yaml': '{}\n',
      'stacks/bank.yaml': stackText('bank'),
      'stacks/zoo.yaml': stackText('zoo'),
    });
    expect(lines).toEqual([
      'error: teams/lost/team.yaml:1:1: does not exist',
      'error: teams/zoo/team.yaml:1:1: "zoo" has no values.yaml, as other teams have',
      'error: teams/shop/team.yaml:1:7: "bank" is not the name of the folder',
    ]);
  });

  it('sees the teams that values add, as the service will', async () => {
    const teams = `image: { tag: "1" }
teams:
  - { name: bank, imageRegistry: ghcr.io/acme, gitUrl: https://github.com/acme/p, stacks: [stacks/shop.yaml] }
  - name: zoo
    namespace: zoo
    imageRegistry: ghcr.io/acme
    gitUrl: https://github.com/acme/p
    stacks: [stacks/none.yaml, stacks/given.yaml]
apps: { defaultNamespace: argocd, namespaces: [kube-public] }
stackFiles:
  stacks/given.yaml: |
${stackText('given').replaceAll(/^/gm, '    ').trimEnd()}
`;
    expect(await shopWith(teams)).toEqual([
      'error: teams/shop/values.yaml:8:14: "stacks/none.yaml" does not exist',
      'error: teams/shop/values.yaml:3:92: acme/shop feeds shop of team shop already',
      'error: teams/shop/values.yaml:9:27: "argocd" is a reserved namespace',
      'error: teams/shop/values.yaml:9:48: "kube-public" is a reserved namespace',
      'error: teams/shop/values.yaml:5:16: "zoo" is not the namespace of the release, "shop"',
    ]);
  });

  it('tells what Helm would read as something else, in both files', async () => {
    const lines = await shopWith('image: { tag: on }\n', 'gitRevision: no\nmaxConcurrentRuns: 010\n');
    expect(lines).toEqual([
      'error: teams/shop/team.yaml:7:14: "no" is false for Helm, which reads YAML 1.1',
      'error: teams/shop/team.yaml:8:20: 10 is 8 for Helm, which reads YAML 1.1',
      'error: teams/shop/values.yaml:1:15: "on" is true for Helm, which reads YAML 1.1',
    ]);
  });

  it('asks for the namespace, which Helm and the command line would fill in differently', async () => {
    const files = {
      'teams/shop/team.yaml': teamText('shop').replace(/^namespace: .*\n/m, ''),
      'teams/shop/values.yaml': '{}\n',
      'stacks/shop.yaml': stackText('shop'),
    };
    expect(await validate(files)).toEqual([
      'warning: teams/shop/team.yaml:1:1: the team names no namespace, and Argo CD needs one',
      ...VALID,
    ]);
  });

  it('does not ask for values where no team has them', async () => {
    const files = { 'teams/other/team.yaml': teamText('shop'), 'stacks/shop.yaml': stackText('shop') };
    expect(await validate(files)).toEqual(VALID);
  });

  it('tells what two releases would both make, on one cluster', async () => {
    const files = {
      'teams/a/team.yaml': teamText('a', 'namespace: runs\n'),
      'teams/a/values.yaml': '{}\n',
      'teams/b/team.yaml': teamText('b', 'namespace: runs\n'),
      'teams/b/values.yaml': 'apps: { namespaces: [a-apps] }\n',
      'stacks/a.yaml': stackText('a'),
      'stacks/b.yaml': stackText('b', 'shared'),
    };
    expect(await validate(files)).toEqual([
      'error: teams/b/team.yaml:6:12: "runs" is that of team a on this cluster',
      "error: teams/b/values.yaml:1:1: namespace a-apps of apps gets the router's account from the release of team a already",
    ]);
    const other = {
      'teams/b/team.yaml': teamText('b'),
      'teams/b/values.yaml': 'apps: { namespaces: [a-apps], serviceAccounts: { create: false } }\n',
    };
    expect(await validate(other)).toEqual(['2 teams, 2 stacks: VALID']);
    await validate(files);
    expect(
      await validate({ 'teams/b/team.yaml': teamText('b', 'namespace: runs\ncluster: east\n') }),
    ).toEqual(['2 teams, 2 stacks: VALID']);
  });

  it('tells what would overwrite each other, by where the apps of each release go', async () => {
    const stack = (repo: string): string =>
      `name: ${repo}\napps:\n  - { name: web, repo: acme/${repo}, role: standalone }\n`;
    const files = {
      'teams/a/team.yaml': teamText('a'),
      'teams/a/values.yaml': '{}\n',
      'teams/b/team.yaml': teamText('b', 'cluster: in-cluster\n'),
      'teams/b/values.yaml': '{}\n',
      'stacks/a.yaml': stack('a'),
      'stacks/b.yaml': stack('b'),
    };
    expect(await validate(files)).toEqual(['2 teams, 2 stacks: VALID']);
    const together = {
      'teams/a/values.yaml': 'apps: { defaultNamespace: apps }\n',
      'teams/b/values.yaml': 'apps: { defaultNamespace: apps, serviceAccounts: { create: false } }\n',
    };
    expect(await validate(together)).toEqual([
      'error: stacks/b.yaml:3:13: web in namespace apps is also acme/a of stacks/a.yaml: they overwrite each other',
    ]);
  });

  it('tells of two orchestrators behind one host and path of an Ingress', async () => {
    const ingress = (more = ''): string =>
      `orchestrator: { ingress: { enabled: true, host: ci.example.com${more} } }\n`;
    const files = {
      'teams/a/team.yaml': teamText('a'),
      'teams/a/values.yaml': ingress(),
      'teams/b/team.yaml': teamText('b'),
      'teams/b/values.yaml': ingress(', paths: [/b, /webhook]'),
      'stacks/a.yaml': stackText('a'),
      'stacks/b.yaml': stackText('b'),
    };
    const problem =
      'error: teams/b/values.yaml:1:49: ci.example.com/webhook leads to the orchestrator of team a already';
    expect(await validate(files)).toEqual([problem]);
    const valid = ['2 teams, 2 stacks: VALID'];
    expect(await validate({ 'teams/b/values.yaml': ingress(', paths: [/b]') })).toEqual(valid);
    expect(
      await validate({
        'teams/b/values.yaml': ingress(),
        'teams/b/team.yaml': teamText('b', 'cluster: east\n'),
      }),
    ).toEqual(valid);
  });

  it("refuses apps in the namespace of another team's release", async () => {
    const files = {
      'teams/a/team.yaml': teamText('a'),
      'teams/a/values.yaml': 'apps: { defaultNamespace: b }\n',
      'teams/b/team.yaml': teamText('b'),
      'teams/b/values.yaml': '{}\n',
      'stacks/a.yaml': stackText('a').replace(/, namespace: [^ ]+/, ''),
      'stacks/b.yaml': stackText('b'),
    };
    const problem =
      'error: teams/a/team.yaml:5:9: apps of the team are in namespace b, which is that of team b';
    expect(await validate(files)).toEqual([problem]);
    const elsewhere = { 'teams/b/team.yaml': teamText('b', 'cluster: east\n') };
    expect(await validate(elsewhere)).toEqual(['2 teams, 2 stacks: VALID']);
  });
});
