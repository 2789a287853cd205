/** Files of teams and stacks that `tekton-dag team validate` refuses without reading them, or without parsing them. */

import { execFile } from 'node:child_process';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTeamsCheckout, stackText, teamText, type TeamsCheckout } from './teams-checkout.ts';

describe('tekton-dag team validate, of files that nobody writes by hand', () => {
  let checkout: TeamsCheckout;
  const inCheckout = (path: string): string => join(checkout.directory, path);

  beforeEach(async () => {
    checkout = await createTeamsCheckout();
  });
  afterEach(() => checkout[Symbol.asyncDispose]());

  it('does not parse more keys than a person writes', async () => {
    const keys = Array.from({ length: 40_000 }, (_, index) => `k${index}: 1\n`).join('');
    const files = {
      'teams/shop/team.yaml': teamText('shop'),
      'teams/shop/values.yaml': keys,
      'stacks/shop.yaml': stackText('shop'),
    };
    expect(await checkout.validate(files)).toEqual([
      'error: teams/shop/values.yaml:1:1: has more than 30000 keys',
    ]);
  });

  const values = (): string => inCheckout('teams/shop/values.yaml');
  const makePipe = () => promisify(execFile)('mkfifo', [values()]);

  it.each([
    ['a directory', () => mkdir(values()), 'it is no regular file'],
    ['a link to a device without an end', () => symlink('/dev/zero', values()), 'it is no regular file'],
    ['a pipe that nobody writes to', makePipe, 'it is no regular file'],
    ['a link to itself', () => symlink('values.yaml', values()), 'ELOOP'],
    ['a file of 5 MB', () => writeFile(values(), '#'.repeat(5_000_000)), 'it is longer than 4194304 bytes'],
    ['Latin-1', () => writeFile(values(), Buffer.from('# caf\u00E9\n{}\n', 'latin1')), 'it is not UTF-8'],
  ])('does not read %s', async (_what, make, reason) => {
    await mkdir(inCheckout('teams/shop'), { recursive: true });
    await make();
    const files = { 'teams/shop/team.yaml': teamText('shop'), 'stacks/shop.yaml': stackText('shop') };
    expect(await checkout.validate(files)).toContainEqual(
      expect.stringMatching(`^error: teams/shop/values.yaml:1:1: cannot be read: .*${reason}`),
    );
  });

  it('does not read a team or a stack that is no file of text either', async () => {
    await mkdir(inCheckout('teams/shop'), { recursive: true });
    await mkdir(inCheckout('stacks'));
    await symlink('/dev/zero', inCheckout('stacks/shop.yaml'));
    const files = { 'teams/shop/team.yaml': teamText('shop'), 'teams/shop/values.yaml': '{}\n' };
    expect(await checkout.validate(files)).toEqual([
      'error: stacks/shop.yaml:1:1: cannot be read: it is no regular file',
    ]);
    await rm(inCheckout('teams/shop/team.yaml'));
    await symlink('/dev/zero', inCheckout('teams/shop/team.yaml'));
    expect(await checkout.validate({ 'teams/shop/values.yaml': '{}\n' })).toContain(
      'error: teams/shop/team.yaml:1:1: cannot be read: it is no regular file',
    );
  });
});
