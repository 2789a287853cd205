/** `tekton-dag team add` as a process, in checkouts of its own. */

import { cp, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseTeam } from '@tekton-dag/model';
import { parseTeamValues } from '@tekton-dag/cli';
import { createCliRig, REPOSITORY, runInProcess, type CliOutcome, type CliRig } from './cli-rig.ts';

const NEEDED = ['--image-registry', 'ghcr.io/acme', '--git-url', 'https://github.com/acme/platform'];
const SHOP = ['--stack', 'stacks/shop.yaml'];

const stackText = (name: string, app: string): string =>
  `name: ${name}\ndefaults: { namespace: ${name}-apps }\napps:\n  - { name: ${app}, repo: acme/${app}, role: standalone }\n`;

async function write(directory: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
}

describe('tekton-dag team add', () => {
  let rig: CliRig;
  let checkout: string;

  beforeAll(async () => {
    rig = await createCliRig();
  });
  afterAll(() => rig[Symbol.asyncDispose]());

  beforeEach(async () => {
    checkout = await mkdtemp(join(rig.directory, 'checkout-'));
    await write(checkout, {
      'stacks/shop.yaml': stackText('shop', 'web'),
      'stacks/bank.yaml': stackText('bank', 'ledger'),
    });
  });

  const add = (...args: string[]): Promise<CliOutcome> =>
    runInProcess(['team', 'add', ...args, ...NEEDED], checkout);
  const listTeams = (): Promise<string[]> => readdir(join(checkout, 'teams')).catch(() => []);
  const read = (path: string): Promise<string> => readFile(join(checkout, path), 'utf8');

  it('writes both files, says what comes next, and leaves teams that are valid', async () => {
    const outcome = await rig.run(['team', 'add', 'shop', ...NEEDED, ...SHOP], { cwd: checkout });
    expect(outcome).toMatchObject({ code: 0, stdout: 'teams/shop/team.yaml\nteams/shop/values.yaml\n' });
    expect(outcome.stderr).toContain('git add teams/shop\n');
    expect(outcome.stderr).toContain(
      'helm upgrade --install tekton-dag-shop helm/tekton-dag -n shop --create-namespace ' +
        '--set apps.createNamespaces=true -f teams/shop/team.yaml -f teams/shop/values.yaml\n',
    );
    expect(await listTeams()).toEqual(['shop']);
    expect(await read('teams/shop/team.yaml')).toBe(`name: shop
namespace: shop
host: github.com
imageRegistry: ghcr.io/acme
interceptBackend: gateway
stacks:
  - stacks/shop.yaml
gitUrl: https://github.com/acme/platform
`);
    expect(await read('teams/shop/values.yaml')).toBe(`orchestrator:
  webhook:
    existingSecret: tekton-dag-webhook
  api:
    existingSecret: tekton-dag-api
`);
    const validated = await runInProcess(['team', 'validate'], checkout);
    expect(validated).toMatchObject({ code: 0, stdout: '1 teams, 1 stacks: VALID\n' });
  });

  it('writes everything that was asked for', async () => {
    const asked =
      '--namespace shop-runs --host git.example.com --git-revision release/1 --intercept-backend mirrord ' +
      '--max-concurrent-runs 2 --registry-secret push --ssh-secret keys --build-cache cache --no-apps-accounts ' +
      '--webhook-secret hooks --api-secret api --forges-secret forges --postgres-secret database ' +
      '--ingress-host ci.example.com --ingress-class nginx --stack stacks/bank.yaml';
    const outcome = await add('shop', ...SHOP, ...asked.split(' '), '--cluster', "ann's east");
    expect(outcome.code).toBe(0);
    expect(outcome.stderr).toContain(String.raw` --kube-context 'ann'\''s east' -n shop-runs `);
    expect(parseTeam(await read('teams/shop/team.yaml'), 'team.yaml')).toMatchObject({
      value: {
        name: 'shop',
        namespace: 'shop-runs',
        cluster: "ann's east",
        host: 'git.example.com',
        gitRevision: 'release/1',
        interceptBackend: 'mirrord',
        maxConcurrentRuns: 2,
        registrySecret: 'push',
        sshSecret: 'keys',
        buildCacheClaim: 'cache',
        stacks: ['stacks/shop.yaml', 'stacks/bank.yaml'],
      },
    });
    expect(parseTeamValues(await read('teams/shop/values.yaml'), 'values.yaml')).toEqual({
      ok: true,
      value: {
        apps: { serviceAccounts: { create: false } },
        buildCache: { create: true },
        orchestrator: {
          webhook: { existingSecret: 'hooks' },
          api: { existingSecret: 'api' },
          forges: { existingSecret: 'forges' },
          store: { postgres: { existingSecret: 'database' } },
          settings: { TEKTON_DAG_PUBLIC_URL: 'https://ci.example.com' },
          ingress: { enabled: true, className: 'nginx', host: 'ci.example.com' },
        },
      },
    });
  });

  it('writes the path of a stack in one spelling', async () => {
    await add('shop', '--stack', './stacks//shop.yaml');
    expect(await read('teams/shop/team.yaml')).toContain('stacks:\n  - stacks/shop.yaml\n');
  });

  it('refuses a class of an Ingress that there is not to be', async () => {
    const { code, stderr } = await add('shop', ...SHOP, '--ingress-class', 'nginx');
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'error: --ingress-class needs --ingress-host\n' });
  });

  it('prints both files and writes nothing with --dry-run', async () => {
    const { code, stdout } = await add('shop', ...SHOP, '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^# teams\/shop\/team.yaml\nname: shop\n[^]*\n---\n# teams\/shop\/values.yaml\norchestrator:\n/,
    );
    expect(await listTeams()).toEqual([]);
  });

  it.each(['yes', 'on', 'n', '010', '0b1', '1e3'])('writes a team %s as Helm reads it too', async (name) => {
    const { code } = await add(name, ...SHOP, '--git-revision', '0o17');
    expect(code).toBe(0);
    const text = await read(`teams/${name}/team.yaml`);
    for (const version of ['1.1', '1.2'] as const) {
      expect(parse(text, { version })).toMatchObject({ name, namespace: name, gitRevision: '0o17' });
    }
  });

  it('names the schemas where they are', async () => {
    await write(checkout, { 'teams/schema.json': '{}', 'teams/values.schema.json': '{}' });
    await add('shop', ...SHOP);
    expect(await read('teams/shop/team.yaml')).toMatch(/^# yaml-language-server: \$schema=..\/schema.json\n/);
    expect(await read('teams/shop/values.yaml')).toMatch(/^# .*=..\/values.schema.json\n/);
  });

  it.each([
    [['--namespace', 'kube-system'], '3:12: "kube-system" is a reserved namespace (choose another one'],
    [['--image-registry', 'ghcr.io/acme/'], '5:16: "ghcr.io/acme/" is not an image registry (write host'],
    [['--stack', 'stacks/none.yaml'], '9:5: "stacks/none.yaml" does not exist (write the path of a stack'],
    [['--git-revision', '--upload-pack=x'], '"--upload-pack=x" is not a branch, tag or commit (write'],
    [['--ssh-secret', 'My Key'], '"My Key" is not a DNS label (use lower-case letters'],
  ])('refuses %s in the words of team validate, and writes nothing', async (args, words) => {
    await write(checkout, { 'teams/schema.json': '{}' });
    const outcome = await runInProcess(['team', 'add', 'shop', ...NEEDED, ...SHOP, ...args], checkout);
    expect(outcome).toMatchObject({ code: 3, stdout: '' });
    expect(outcome.stderr).toContain('error: teams/shop/team.yaml:');
    expect(outcome.stderr).toContain(words);
    expect(outcome.stderr).toContain('teams/shop is not written: 1 error\n');
    expect(await listTeams()).toEqual(['schema.json']);
  });

  it.each(['Shop', 'shop_', '../shop', 'a/b', '', '.new', 's'.repeat(64)])(
    'refuses %j as a name',
    async (name) => {
      const { code, stderr } = await add(name, ...SHOP);
      expect(code).toBe(3);
      expect(stderr).toContain(`${JSON.stringify(name)} is not a DNS label\n`);
      expect(await readdir(checkout)).toEqual(['stacks']);
    },
  );

  it('refuses an app that another team claims, whichever of the two files is said to be wrong', async () => {
    await add('shop', ...SHOP);
    for (const name of ['zoo', 'aviary']) {
      const { code, stderr } = await add(name, ...SHOP);
      expect(code).toBe(3);
      expect(stderr).toMatch(/acme\/web feeds web of team (shop|aviary) already/);
    }
    expect(await listTeams()).toEqual(['shop']);
  });

  it('refuses a namespace that has the release of another team, but not on another cluster', async () => {
    await add('shop', ...SHOP);
    const bank = ['bank', '--stack', 'stacks/bank.yaml', '--namespace', 'shop'];
    const { code, stderr } = await add(...bank);
    expect(code).toBe(3);
    expect(stderr).toContain('"shop" is that of team bank on this cluster (give each team one of its own)');
    expect(await add(...bank, '--cluster', 'east')).toMatchObject({ code: 0 });
  });

  it('does not mind what was wrong with others before', async () => {
    await write(checkout, { 'teams/broken/team.yaml': 'name: [', 'teams/broken/values.yaml': 'x: 1' });
    const outcome = await add('shop', ...SHOP);
    expect(outcome.code).toBe(0);
    expect(outcome.stderr).not.toContain('broken');
  });

  it('touches nothing that is there', async () => {
    await write(checkout, { 'teams/shop/notes.txt': 'mine' });
    const { code, stderr } = await add('shop', ...SHOP);
    expect(code).toBe(3);
    expect(stderr).toContain('teams/shop is there already\n');
    expect(stderr).toContain('hint: edit its files and run tekton-dag team validate, or choose another name');
    expect(await readdir(join(checkout, 'teams/shop'))).toEqual(['notes.txt']);
  });

  it('leaves one whole folder when many add it at once', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 4 }, (_, index) =>
        rig.run(['team', 'add', 'shop', ...NEEDED, ...SHOP, '--max-concurrent-runs', `${index + 1}`], {
          cwd: checkout,
        }),
      ),
    );
    expect(outcomes.filter(({ code }) => code === 3)).toHaveLength(3);
    expect(await listTeams()).toEqual(['shop']);
    expect((await readdir(join(checkout, 'teams/shop'))).toSorted()).toEqual(['team.yaml', 'values.yaml']);
    const won = outcomes.findIndex(({ code }) => code === 0) + 1;
    expect(await read('teams/shop/team.yaml')).toContain(`maxConcurrentRuns: ${won}\n`);
  });

  it('says so when it cannot write, and leaves nothing behind', async () => {
    await write(checkout, { 'teams-file': 'no directory' });
    const { code, stderr } = await add('shop', ...SHOP, '--teams', 'teams-file/teams');
    expect(code).toBe(3);
    expect(stderr).toContain('teams-file/teams/shop cannot be written: ENOTDIR');
  });

  it('made the shipped examples', async () => {
    await cp(join(REPOSITORY, 'stacks'), join(checkout, 'stacks'), { recursive: true });
    const asked = {
      vendor: '--stack stacks/stack-two-vendor.yaml --max-concurrent-runs 3',
      inventory: '--stack stacks/single-app.yaml --max-concurrent-runs 1',
      analytics: '--stack stacks/single-flask-app.yaml --max-concurrent-runs 1 --cluster east',
    };
    await write(checkout, { 'teams/schema.json': '{}' });
    for (const [name, args] of Object.entries(asked)) {
      expect(await add(name, '--git-revision', 'main', ...args.split(' '))).toMatchObject({ code: 0 });
      for (const file of ['team.yaml', 'values.yaml']) {
        const path = `teams/${name}/${file}`;
        expect(await read(path)).toBe(await readFile(join(REPOSITORY, path), 'utf8'));
      }
    }
  });
});
