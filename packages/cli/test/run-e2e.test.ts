/** `tekton-dag run e2e`: a bootstrap and a pull request, one after the other. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRunRig, RUNS, succeeded, until, type RunRig } from './run-rig.ts';

let world: RunRig;
beforeEach(async () => {
  world = await createRunRig();
  await world.rig.file(
    'shop.yaml',
    'name: shop\napps: [{ name: web, repo: acme/web, role: standalone, build: { tool: npm } }]\n',
  );
});
afterEach(() => world[Symbol.asyncDispose]());

const ARGS =
  'run e2e --stack ./shop.yaml --skip-install-check --registry reg.example --git-url https://git.example/p ' +
  '--git-revision main --pr 7';
const e2e = (...more: readonly string[]): readonly string[] => [...ARGS.split(' '), ...more];

describe('tekton-dag run e2e', () => {
  it('gives the revisions of apps to the pull request alone', async () => {
    const revisions = ['--app-revision', 'web:louder', '--app-revisions-json', '{"web":"quiet"}'];
    const cli = world.rig.start(e2e('--changed-app', 'web', '--no-verify-db', ...revisions), world.cluster);
    const nameOf = async (pattern: RegExp): Promise<string> => {
      await until(() => pattern.test(cli.stdout()));
      return pattern.exec(cli.stdout())?.[0] ?? '';
    };
    const revisionsOf = (name: string): unknown => {
      const spec: { params?: { name: string; value: unknown }[] } = world.api.get(RUNS, name)?.['spec'] ?? {};
      return spec.params?.find((param) => param.name === 'app-revisions')?.value;
    };
    const bootstrap = await nameOf(/stack-bootstrap-\w{8}/);
    expect(revisionsOf(bootstrap)).toBe(undefined);
    world.putRun(bootstrap, succeeded('True', 'Completed'));
    const pullRequest = await nameOf(/stack-pr-7-\w{8}/);
    expect(revisionsOf(pullRequest)).toBe('{"web":"louder"}');
    world.putRun(pullRequest, succeeded('True', 'Completed'));
    expect(await cli.exited).toMatchObject({ code: 0, stderr: '' });
  });

  it.each([
    [['--changed-app', 'wep'], 3, 'shop.yaml has no app wep\nhint: did you mean web?'],
    [['--changed-app', 'web', '--app-revision', 'web'], 2, '--app-revision takes app:revision'],
    [['--changed-app', 'web', '--param', 'aps=web'], 2, 'hint: did you mean apps?'],
  ])('starts nothing when %j is wrong', async (args, code, message) => {
    const outcome = await world.rig.run(e2e(...args), world.cluster);
    expect(outcome).toMatchObject({ code, stdout: '' });
    expect(outcome.stderr).toContain(message);
    expect(world.api.requests.filter(({ method }) => method === 'POST')).toEqual([]);
  });
});
