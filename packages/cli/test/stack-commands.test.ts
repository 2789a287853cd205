import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCliRig, REPOSITORY, runInProcess, type CliRig } from './cli-rig.ts';

let rig: CliRig;
beforeAll(async () => {
  rig = await createCliRig();
});
afterAll(() => rig[Symbol.asyncDispose]());

const inRepository = { cwd: REPOSITORY };

/** File to topological order; the propagation chain is the same but where it is given. */
const STACKS: readonly (readonly [file: string, topo: string, chain?: string])[] = [
  ['stack-one', 'demo-fe release-lifecycle-demo demo-api'],
  [
    'stack-two-vendor',
    'vendor-fe vendor-middleware notifications-svc internal-api vendor-adapter',
    'vendor-fe vendor-middleware vendor-adapter internal-api notifications-svc',
  ],
  ['single-app', 'inventory-api'],
  ['single-flask-app', 'analytics-api'],
  ['test-stack-flask-forwarder', 'demo-fe analytics-api demo-api'],
  ['test-stack-flask-originator', 'analytics-api demo-api'],
  ['test-stack-spring-boot-originator', 'release-lifecycle-demo demo-api'],
  ['test-stack-php-forwarder', 'vendor-fe vendor-adapter internal-api'],
  ['test-stack-multi-hop-mixed', 'release-lifecycle-demo analytics-api vendor-adapter internal-api'],
];

const lines = (names: string): string => `${names.replaceAll(' ', '\n')}\n`;

describe.concurrent('tekton-dag stack graph', () => {
  it.each(STACKS)(
    'prints order, entry and chain of %s, one name per line',
    async (file, topo = '', chain = topo) => {
      const path = `stacks/${file}.yaml`;
      const [entry = ''] = topo.split(' ');
      const ask = (...flags: string[]) => runInProcess(['stack', 'graph', path, ...flags], REPOSITORY);
      const topological = await rig.run(['stack', 'graph', path, '--topo'], inRepository);
      expect(topological).toEqual({ code: 0, stdout: lines(topo), stderr: '' });
      expect(await ask('--entry')).toEqual({ code: 0, stdout: `${entry}\n`, stderr: '' });
      expect(await ask('--chain', entry)).toEqual({ code: 0, stdout: lines(chain), stderr: '' });
    },
  );

  it('prints the picture as text, Mermaid, DOT and JSON', async ({ expect }) => {
    const ask = async (...flags: string[]) =>
      (await rig.run(['stack', 'graph', 'stacks/stack-one.yaml', ...flags], inRepository)).stdout;
    expect(await ask()).toBe(
      'demo-fe -> release-lifecycle-demo\nrelease-lifecycle-demo -> demo-api\ndemo-api\n',
    );
    await expect(await ask('-o', 'mermaid')).toMatchFileSnapshot('golden/stack-one.mmd');
    await expect(await ask('-o', 'dot')).toMatchFileSnapshot('golden/stack-one.dot');
    expect(JSON.parse(await ask('-o', 'json'))).toMatchObject({
      name: 'stack-one',
      edges: [
        { caller: 'demo-fe', callee: 'release-lifecycle-demo' },
        { caller: 'release-lifecycle-demo', callee: 'demo-api' },
      ],
    });
  });

  it('names the apps that there are when the one asked for is not', async () => {
    const outcome = await rig.run(
      ['stack', 'graph', 'stacks/stack-one.yaml', '--chain', 'ghost'],
      inRepository,
    );
    expect(outcome).toEqual({
      code: 3,
      stdout: '',
      stderr:
        'error: stacks/stack-one.yaml has no app ghost\n' +
        'hint: its apps are demo-fe, release-lifecycle-demo, demo-api\n',
    });
  });
});

const BROKEN = `name: shop
apps:
  - name: web
    repo: acme/web
    role: frontend
    build: { tool: npm }
    downstreams: [api]
    downstream: [api, ghost]
  - name: api
    repo: acme/api
    role: middleware
    build: { tool: npn }
    downstream: [web]
`;

describe.concurrent('tekton-dag stack validate', () => {
  it('says VALID for every file of the repository', async () => {
    const files = STACKS.map(([file]) => `stacks/${file}.yaml`);
    const all = [...files, 'stacks/versions.yaml', 'stacks/registry.yaml', 'teams/default/team.yaml'];
    const outcome = await rig.run(['stack', 'validate', ...all], inRepository);
    expect(outcome).toEqual({ code: 0, stdout: all.map((file) => `${file}: VALID\n`).join(''), stderr: '' });
  });

  it('reports every problem of a broken file with its place, and exits 3', async ({ expect }) => {
    await rig.file('broken.yaml', BROKEN);
    const outcome = await rig.run(['stack', 'validate', 'broken.yaml']);
    expect(outcome.code).toBe(3);
    expect(outcome.stdout).toBe('');
    await expect(outcome.stderr).toMatchFileSnapshot('golden/broken-stack.txt');
  });

  it('marks problems in colour only when that is forced, and NO_COLOR wins', async () => {
    await rig.file('colour.yaml', BROKEN);
    const args = ['stack', 'validate', 'colour.yaml'];
    const forced = await rig.run(args, { env: { FORCE_COLOR: '1' } });
    const refused = await rig.run(args, { env: { FORCE_COLOR: '1', NO_COLOR: '1' } });
    const flagged = await rig.run(['--no-color', ...args], { env: { FORCE_COLOR: '1' } });
    expect(forced.stderr).toContain('\u001B[31m');
    expect(refused.stderr).not.toContain('\u001B');
    expect(flagged.stderr).not.toContain('\u001B');
  });

  it('says so when there is no such file, and goes with exit code 3', async () => {
    expect(await rig.run(['stack', 'validate', 'nothing.yaml'])).toEqual({
      code: 3,
      stdout: '',
      stderr: 'error: cannot read nothing.yaml: there is no such file\n',
    });
  });

  it('survives files that are no YAML, binary, or a directory', async () => {
    await rig.file('binary.yaml', '\u0000\u0001\uFFFD');
    await rig.file('list.yaml', '- a\n- b\n');
    await rig.file('open.yaml', 'a: [1,\n');
    for (const name of ['binary.yaml', 'list.yaml', 'open.yaml', '.']) {
      const outcome = await rig.run(['stack', 'validate', name]);
      expect(outcome.code).toBe(3);
      expect(outcome.stderr).not.toContain('unexpected');
    }
  });
});

describe.concurrent('tekton-dag stack list', () => {
  it('lists the nine stacks as a table, as names and as JSON', async () => {
    const ask = async (...flags: string[]) =>
      (await rig.run(['stack', 'list', ...flags], inRepository)).stdout;
    const table = await ask();
    expect(table.split('\n').length).toBe(11);
    expect(table).toMatch(/^NAME +APPS +ENTRY +FILE\n/);
    expect(table).toMatch(/\nstack-one +3 +demo-fe +stacks\/stack-one.yaml\n/);
    expect((await ask('-o', 'name')).split('\n')).toContain('stack/stack-two');
    expect(JSON.parse(await ask('-o', 'json'))).toMatchObject({ kind: 'List', items: { length: 9 } });
  });
});

describe.concurrent('tekton-dag stack plan', () => {
  it('says what a pull request would build, which edges the session must cross, and what is tested', async ({
    expect,
  }) => {
    const args = ['stack', 'plan', 'stacks/stack-one.yaml', '--app', 'demo-api', '--pr', '42'];
    const text = await rig.run(args, inRepository);
    expect(text.code).toBe(0);
    await expect(text.stdout).toMatchFileSnapshot('golden/plan-stack-one.txt');
    const json = await rig.run([...args, '-o', 'json'], inRepository);
    expect(JSON.parse(json.stdout)).toMatchObject({
      mode: 'pr',
      stack: 'stack-one',
      changedApps: ['demo-api'],
    });
  });

  it('exits 3 with the reasons when there can be no plan', async () => {
    const outcome = await rig.run(
      ['stack', 'plan', 'stacks/stack-one.yaml', '--app', 'ghost', '--pr', '1'],
      inRepository,
    );
    expect(outcome.code).toBe(3);
    expect(outcome.stderr).toContain('ghost');
  });

  it('says which app was probably meant', async () => {
    const outcome = await rig.run(
      ['stack', 'plan', 'stacks/stack-one.yaml', '--app', 'demo-apy', '--pr', '1'],
      inRepository,
    );
    expect(outcome).toMatchObject({ code: 3, stdout: '' });
    expect(outcome.stderr).toContain('did you mean "demo-api"?');
  });
});
