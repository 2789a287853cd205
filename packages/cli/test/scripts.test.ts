import { execFile } from 'node:child_process';
import { cp, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCliRig, REPOSITORY, type CliOutcome, type CliRig } from './cli-rig.ts';

let rig: CliRig;
beforeAll(async () => {
  rig = await createCliRig();
});
afterAll(() => rig[Symbol.asyncDispose]());

/** `path` of the script, from a directory that is no checkout. */
function call(path: string, args: readonly string[], searchPath = process.env['PATH']): Promise<CliOutcome> {
  const options = { cwd: rig.directory, env: { PATH: searchPath, HOME: rig.directory } };
  return new Promise((resolve) => {
    execFile(path, args, options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

const script = (name: string): string => join(REPOSITORY, 'scripts', `${name}.sh`);

describe('scripts', () => {
  it.each([
    ['bootstrap-namespace', 'namespace bootstrap'],
    ['configure-github-webhooks', 'webhooks configure'],
    ['generate-run', 'run generate'],
    ['promote-pipelines', 'catalog promote'],
    ['rerun-pr-from', 'run rerun'],
    ['run-e2e-with-intercepts', 'run e2e'],
    ['stack-graph', 'stack graph'],
  ])('%s.sh is `tekton-dag %s`', async (name, command) => {
    const help = await call(script(name), ['--help']);
    expect(help, help.stderr).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toMatch(new RegExp(`^Usage: tekton-dag ${command} `));
  });

  it('are found by a link to them', async () => {
    const link = join(rig.directory, 'graph');
    await symlink(script('stack-graph'), link);
    expect((await call(link, ['--help'])).code).toBe(0);
  });

  it('say what to do in a checkout that is not set up', async () => {
    const bare = join(rig.directory, 'bare');
    await mkdir(bare);
    await cp(join(REPOSITORY, 'scripts'), join(bare, 'scripts'), { recursive: true });
    const refused = await call(join(bare, 'scripts/stack-graph.sh'), ['x.yaml'], '/usr/bin:/bin');
    expect(refused).toMatchObject({ code: 4, stdout: '' });
    expect(refused.stderr).toBe(`error: tekton-dag is not set up here; run make setup in ${bare} first\n`);
  });
});

describe('stack-graph.sh', () => {
  const STACK = join(REPOSITORY, 'stacks/stack-one.yaml');

  it.each([
    [['--topo'], 'demo-fe\nrelease-lifecycle-demo\ndemo-api\n'],
    [['--entry'], 'demo-fe\n'],
    [['--chain', 'release-lifecycle-demo'], 'release-lifecycle-demo\ndemo-api\n'],
    [['--validate'], 'VALID\n'],
    [['--full'], 'demo-fe -> release-lifecycle-demo\nrelease-lifecycle-demo -> demo-api\ndemo-api\n'],
  ])('answers %j', async (flags, stdout) => {
    expect(await call(script('stack-graph'), [STACK, ...flags])).toEqual({ code: 0, stdout, stderr: '' });
  });

  it('hands values on as they are', async () => {
    const refused = await call(script('stack-graph'), [STACK, '--chain', '$(touch pwned) "; x']);
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(refused.stderr).toContain('has no app $(touch pwned) "; x');
  });
});

describe('generate-run.sh', () => {
  const args = ['--mode', 'pr', '--app', 'web', '--pr', '3'];
  const platform = [
    '--registry',
    'reg.example',
    '--git-url',
    'https://git.example/p',
    '--git-revision',
    'v1',
  ];
  beforeAll(async () => {
    await mkdir(join(rig.directory, 'stacks'));
    await rig.file(
      'stacks/shop.yaml',
      'name: shop\napps: [{ name: web, repo: acme/web, role: standalone, build: { tool: none } }]\n',
    );
    await rig.file('stacks/registry.yaml', 'repos: { web: { stack: shop.yaml } }\n');
  });

  it('knows the stack of an app from the registry, and prints the same each time', async () => {
    const byApp = await call(script('generate-run'), [
      '--mode',
      'pr',
      '--repo',
      'web',
      '--pr',
      '3',
      ...platform,
    ]);
    const byStack = await call(script('generate-run'), [...args, '--stack', 'shop.yaml', ...platform]);
    expect(byApp, byApp.stderr).toMatchObject({ code: 0, stderr: '' });
    expect(byStack).toEqual(byApp);
    expect(byApp.stdout).toContain(`value: '{"web":"main"}'`);
  });

  it('needs a git URL, and says so', async () => {
    const refused = await call(script('generate-run'), [
      ...args,
      '--stack',
      'shop.yaml',
      '--registry',
      'r.example',
    ]);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('the run needs git-url, git-revision');
  });

  it('says that a storage class has no effect, on stderr', async () => {
    const flags = [...args, '--stack', 'shop.yaml', ...platform, '--storage-class', 'fast'];
    const done = await call(script('generate-run'), flags);
    expect(done.code).toBe(0);
    expect(done.stderr).toContain('--storage-class has no effect');
    expect(done.stdout).not.toContain('fast');
  });

  it.each([
    [['--stack', 'shop.yaml', '--repo', 'web'], 2, 'either a stack (--stack FILE) or an app'],
    [['--repo', 'wep'], 3, 'did you mean web?'],
    [['--stack', 'shop.yaml', '--apply', '--dry-run'], 2, '--apply and --dry-run contradict each other'],
    [['--stack', 'shop.yaml', '--app-revision', 'web'], 2, '--app-revision takes app:revision, not "web"'],
    [['--stack', 'shop.yaml', '--app-revisions-json', '[]'], 2, '--app-revisions-json takes a JSON object'],
  ])('refuses %j with exit code %i', async (flags, code, message) => {
    const refused = await call(script('generate-run'), [...args, ...platform, ...flags]);
    expect(refused).toMatchObject({ code, stdout: '' });
    expect(refused.stderr).toContain(message);
  });
});
