import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCliRig, REPOSITORY, runInProcess, type CliRig } from './cli-rig.ts';

let rig: CliRig;
beforeEach(async () => {
  rig = await createCliRig();
  for (const folder of ['tasks', 'pipeline']) await mkdir(join(rig.directory, folder));
  await rig.file(
    'tasks/prepare.yaml',
    'apiVersion: tekton.dev/v1\nkind: Task\nmetadata: { name: prepare }\n',
  );
  await rig.file('pipeline/rbac.yaml', 'apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: a }\n');
});
afterEach(() => rig[Symbol.asyncDispose]());

const apply = (checkout: string) =>
  runInProcess(['catalog', 'apply', '--dry-run', '--checkout', checkout], rig.directory);

describe('tekton-dag catalog apply', () => {
  it('prints with --dry-run all objects of a checkout, accounts first, and asks no cluster', async () => {
    const own = await apply('.');
    expect(own).toMatchObject({ code: 0, stderr: '' });
    expect(own.stdout.indexOf('ServiceAccount')).toBeLessThan(own.stdout.indexOf('Task'));
    const shipped = await apply(REPOSITORY);
    expect(shipped.stdout.match(/^kind: Pipeline$/gm)).toHaveLength(5);
  });

  it.each([
    ['YAML that is none', 'tasks/x.yaml', 'a: [', 'tasks/x.yaml: '],
    ['an object of no kind', 'tasks/x.yaml', '---\na: 1\n', 'tasks/x.yaml:2 is no Kubernetes object'],
    [
      'an object that a catalog does not hold',
      'pipeline/x.yaml',
      'apiVersion: v1\nkind: Pod\nmetadata: { name: p }\n',
      'pipeline/x.yaml:1: the catalog holds no object of kind Pod',
    ],
  ])('names file and place of %s', async (_title, file, text, message) => {
    await rig.file(file, text);
    const refused = await apply('.');
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(refused.stderr).toContain(message);
  });

  it('refuses a directory that is no checkout', async () => {
    const refused = await apply('tasks');
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(refused.stderr).toContain('tasks is no checkout of tekton-dag');
  });
});
