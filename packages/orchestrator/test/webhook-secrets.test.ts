/** The directory of webhook secrets: what counts, and what is told of the rest. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { watchWebhookSecrets } from '../src/forge/watch-webhook-secrets.ts';
import { Secret } from '../src/secret.ts';

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
  using secrets = await watchWebhookSecrets({ unnamed, directory, log });
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
  using secrets = await watchWebhookSecrets({ unnamed, directory: '/nonexistent/secrets', log });
  expect(secrets.find('')).toEqual(unnamed);
  expect(secrets.find('team-a')).toBeUndefined();
  expect(lines).toHaveLength(1);
});
