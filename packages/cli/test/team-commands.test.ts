/** `tekton-dag team ...` over the files of a checkout. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runInProcess } from './cli-rig.ts';

const REPOSITORY = join(import.meta.dirname, '../../..');

const NEEDED = [
  '--image-registry',
  'ghcr.io/acme',
  '--git-url',
  'https://git.example/p',
  '--stack',
  's.yaml',
];

describe('tekton-dag team', () => {
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tekton-dag-teams-'));
    const files = {
      'teams/shop/team.yaml':
        'name: shop\nimageRegistry: ghcr.io/acme\ngitUrl: https://github.com/acme/p\nstacks:\n  - stacks/shop.yaml\n  - stacks/gone.yaml\nweight: 3\n',
      'teams/copy/team.yaml':
        'name: shop\nimageRegistry: ghcr.io/acme\ngitUrl: https://github.com/acme/p\nstacks: []\n',
      'stacks/shop.yaml': 'name: shop\napps:\n  - { name: web, repo: acme/web, role: standalone }\n',
    };
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), text);
    }
  });

  afterAll(() => rm(directory, { recursive: true }));

  it('finds the shipped teams and stacks valid, and lists them', async () => {
    expect(await runInProcess(['team', 'validate', REPOSITORY], directory)).toMatchObject({
      code: 0,
      stdout: '4 teams, 4 stacks: VALID\n',
    });
    const { code, stdout } = await runInProcess(['team', 'list'], REPOSITORY);
    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line.split(/ +/))).toEqual([
      ['NAME', 'NAMESPACE', 'RUNS', 'WEIGHT', 'BACKEND', 'STACKS'],
      ['analytics', 'analytics', '1', '1', 'gateway', 'stacks/single-flask-app.yaml'],
      ['default', 'tekton-pipelines', '3', '1', 'gateway', 'stacks/stack-one.yaml'],
      ['inventory', 'inventory', '1', '1', 'gateway', 'stacks/single-app.yaml'],
      ['vendor', 'vendor', '3', '1', 'gateway', 'stacks/stack-two-vendor.yaml'],
      [''],
    ]);
    const { stdout: wide } = await runInProcess(['team', 'list', '-o', 'wide'], REPOSITORY);
    expect(wide).toMatch(/^analytics +analytics .* east +ghcr.io\/acme +main +stacks\/versions.yaml$/m);
    expect(wide).toMatch(/^vendor +vendor .* - +ghcr.io\/acme +main +stacks\/versions.yaml$/m);
  });

  it('names every problem of and between the files with its place, and ends with 3', async () => {
    const { code, stdout, stderr } = await runInProcess(['team', 'validate'], directory);
    expect(code).toBe(3);
    expect(stdout.split('\n')).toEqual([
      'error: teams/shop/team.yaml:1:7: the team "shop" is already in ' +
        'teams/copy/team.yaml; this file is left out (give each team a name of its own)',
      'error: teams/shop/team.yaml:6:5: "stacks/gone.yaml" does not exist ' +
        '(write the path of a stack file in the platform repository, such as stacks/stack-one.yaml)',
      'warning: teams/copy/team.yaml:4:9: the team has no stack, so no repository leads to it',
      '',
    ]);
    expect(stderr).toContain('2 errors found');
  });

  it.each([
    [['validate', '--teams', 'nowhere'], 'nowhere'],
    [['list', 'nowhere'], 'nowhere/teams'],
    [['add', 'shop', 'nowhere', ...NEEDED], 'nowhere'],
  ])('says with %j that there is no such directory', async (args, place) => {
    const { code, stdout, stderr } = await runInProcess(['team', ...args], directory);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain(`error: there is no directory ${place}\nhint: name a checkout`);
  });
});
