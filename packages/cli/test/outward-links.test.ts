/** `tekton-dag team validate` and symbolic links in the folders of teams. */

import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runInProcess } from './cli-rig.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tekton-dag-links-'));
  await mkdir(join(directory, 'teams/shop/notes'), { recursive: true });
  await mkdir(join(directory, 'stacks'));
  const stack = 'name: shop\napps:\n  - { name: shop, repo: acme/shop, role: standalone }\n';
  await writeFile(join(directory, 'stacks/shop.yaml'), stack);
  const team = {
    name: 'shop',
    namespace: 'shop',
    imageRegistry: 'ghcr.io/acme',
    interceptBackend: 'gateway',
  };
  const where = { stacks: ['stacks/shop.yaml'], gitUrl: 'https://github.com/acme/p' };
  await writeFile(join(directory, 'teams/shop/team.yaml'), JSON.stringify({ ...team, ...where }));
});
afterEach(() => rm(directory, { recursive: true }));

it.each(['/etc/passwd', '../../../../outside', '../../../..'])('refuses one to %s', async (target) => {
  await symlink(target, join(directory, 'teams/shop/notes/link'));
  const { code, stdout } = await runInProcess(['team', 'validate'], directory);
  expect(code).toBe(3);
  expect(stdout).toBe(
    'error: teams/shop/notes/link:1:1: is a symbolic link that leads out of the repository, and Argo CD then renders no team (put the file itself there)\n',
  );
});

it('takes one that stays in the repository', async () => {
  await symlink('../../../stacks/shop.yaml', join(directory, 'teams/shop/notes/link'));
  expect(await runInProcess(['team', 'validate'], directory)).toMatchObject({ code: 0 });
});
