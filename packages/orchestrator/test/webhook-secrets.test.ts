/** The directory of webhook secrets: what counts, and what is told of the rest. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { watchWebhookSecrets } from '../src/forge/watch-webhook-secrets.ts';
import { Secret } from '../src/secret.ts';
import { eventually } from './eventually.ts';

const unnamed = [new Secret('the secret without a name')];

it('takes files by name, leaves what is no secret, and repeats none in the log', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tekton-dag-secrets-'));
  const files = {
    'team-a': 'the secret of team a\n',
    'team-a.next': 'the next one of team a',
    Acme: 'the secret of Acme, spelled so',
    short: 'too-short',
    'not a name': 'a secret that has no name',
    long: 'x'.repeat(5_000),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  using secrets = await watchWebhookSecrets({ unnamed, unnamedFiles: [], directory, log });
  const reveal = (name: string): readonly string[] | undefined =>
    secrets.find(name)?.map((secret) => secret.reveal());
  expect(reveal('')).toEqual(['the secret without a name']);
  expect(reveal('TEAM-A')?.toSorted()).toEqual(['the next one of team a', 'the secret of team a']);
  expect(reveal('acme')).toEqual(['the secret of Acme, spelled so']);
  for (const name of ['short', 'long', 'not a name', 'team-a.next', '..', 'team-b']) {
    expect(reveal(name)).toBeUndefined();
  }
  expect(lines).toHaveLength(2);
  expect(lines.join()).not.toContain('too-short');
  await rm(directory, { recursive: true });
});

it('lets in who signs without a name while the directory is missing', async () => {
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  using secrets = await watchWebhookSecrets({
    unnamed,
    unnamedFiles: [],
    directory: '/nonexistent/secrets',
    log,
  });
  expect(secrets.find('')).toEqual(unnamed);
  expect(secrets.find('team-a')).toBeUndefined();
  expect(lines).toHaveLength(1);
});

it('follows the files of the secrets without a name, and keeps what was when they are away', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tekton-dag-secrets-'));
  const [first, next] = [join(directory, 'secret'), join(directory, 'next')];
  const log = pino({ level: 'silent' });
  const options = { unnamed, unnamedFiles: [first, next], directory: undefined, log, refreshMs: 10 };
  using secrets = await watchWebhookSecrets(options);
  const revealed = (): readonly string[] => (secrets.find('') ?? []).map((secret) => secret.reveal());
  await writeFile(first, 'the first secret of two\n');
  await eventually(revealed).toEqual(['the first secret of two']);
  await writeFile(next, 'the secret that comes next');
  await eventually(revealed).toEqual(['the first secret of two', 'the secret that comes next']);
  await rm(first);
  await eventually(revealed).toEqual(['the secret that comes next']);
  await writeFile(first, 'short');
  await rm(next);
  // That nothing happens cannot be awaited: several refreshes have passed.
  await pause(10 * options.refreshMs);
  expect(revealed()).toEqual(['the secret that comes next']);
  await rm(directory, { recursive: true });
});
