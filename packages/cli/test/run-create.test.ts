/** `tekton-dag run create`: what it makes, and what it refuses. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRunRig, RUNS, succeeded, until, type RunRig } from './run-rig.ts';

let world: RunRig;
beforeEach(async () => {
  world = await createRunRig();
});
afterEach(() => world[Symbol.asyncDispose]());

const STACK = `name: shop
apps:
  - name: api
    repo: git.example/acme/api
    role: standalone
    build: { tool: npm }
`;
const PLATFORM = [
  '--registry',
  'reg.example',
  '--git-url',
  'https://git.example/p',
  '--git-revision',
  'main',
];
const CHANGE = ['--app', 'api', '--pr', '7', '--sha', 'a'.repeat(40)];

describe('tekton-dag run create', () => {
  it('creates the run once however often it is asked, and prints its name', async () => {
    await world.rig.file('shop.yaml', STACK);
    const args = ['run', 'create', '--stack', 'shop.yaml', ...CHANGE, ...PLATFORM];
    const first = await world.rig.run(args, world.cluster);
    const second = await world.rig.run(args, world.cluster);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/^pipelinerun\.tekton\.dev\/stack-pr-7-\w{8}\n$/);
    expect(second).toMatchObject({ code: 0, stdout: first.stdout });
    expect(second.stderr).toContain('exists already');
    const name = first.stdout.trim().split('/')[1] ?? '';
    expect(world.api.get(RUNS, name)).toMatchObject({
      metadata: { annotations: { 'tekton-dag.io/repository': 'acme/api' } },
      spec: { pipelineRef: { name: 'stack-pr-test' } },
    });
  });

  it('with --new-attempt makes another run, and with --results prints what it found', async () => {
    await world.rig.file('shop.yaml', STACK);
    const args = ['run', 'create', '--mode', 'verify', '--stack', 'shop.yaml', ...PLATFORM];
    const first = await world.rig.run(args, world.cluster);
    const again = world.rig.start([...args, '--new-attempt', '--watch', '--results'], world.cluster);
    await until(() => again.stdout().includes('pipelinerun.tekton.dev/'));
    const name = /stack-verify-\w{8}/.exec(again.stdout())?.[0] ?? '';
    expect(first.stdout).not.toContain(name);
    const results = [
      { name: 'entry-app', value: 'web' },
      { name: 'apps', value: ['web', 'api'] },
    ];
    world.putRun(name, succeeded('True', 'Completed'), { results });
    const { code, stdout } = await again.exited;
    expect({ code, lines: stdout.split('\n').slice(-3) }).toEqual({
      code: 0,
      lines: ['entry-app: web', 'apps: ["web","api"]', ''],
    });
  });

  it('with --dry-run prints the object and asks no cluster', async () => {
    await world.rig.file('shop.yaml', STACK);
    const args = ['run', 'create', '--mode', 'bootstrap', '--stack', 'shop.yaml', ...PLATFORM, '--dry-run'];
    const outcome = await world.rig.run([...args, '-o', 'json', '--apps', 'api', '--force-rebuild']);
    expect(outcome.code).toBe(0);
    const params: { name: string; value: string }[] = JSON.parse(outcome.stdout).spec.params;
    expect(Object.fromEntries(params.map(({ name, value }) => [name, value]))).toEqual({
      apps: 'api',
      'force-rebuild': 'true',
      'git-revision': 'main',
      'git-url': 'https://git.example/p',
      'image-registry': 'reg.example',
      'stack-file': 'shop.yaml',
    });
  });

  it.each([
    [[...PLATFORM], 2, '--mode pr needs --app'],
    [[...CHANGE], 2, 'the run needs git-url, git-revision, image-registry'],
    [[...PLATFORM, ...CHANGE, '--param', 'oops'], 2, '--param takes name=value, not "oops"'],
    [[...PLATFORM, ...CHANGE, '--app', 'ghost'], 3, 'shop.yaml has no app ghost'],
    [[...PLATFORM, ...CHANGE, '--backend', 'gatway'], 3, 'unknown backend "gatway"; did you mean "gateway"?'],
    [[...PLATFORM, '--mode', 'bootstrap', '--apps', 'apy'], 3, 'did you mean "api"?'],
    [[...PLATFORM, ...CHANGE, '--version-overrides', '{"api":"x"}'], 3, 'version-overrides: api: "x"'],
    [[...PLATFORM, ...CHANGE, '--param', 'changd-app=api'], 2, 'did you mean changed-app?'],
    [[...PLATFORM, ...CHANGE, '--catalog-url', 'https://git.example/c'], 2, 'both its URL and its commit'],
  ])('refuses %j with exit code %i', async (args, code, message) => {
    await world.rig.file('shop.yaml', STACK);
    const outcome = await world.rig.run(['run', 'create', '--stack', 'shop.yaml', '--dry-run', ...args]);
    expect(outcome).toMatchObject({ code, stdout: '' });
    expect(outcome.stderr).toContain(message);
  });
});
