/** watchWebhookSecrets: the secrets that sign webhooks, read again as their files (mounted Secrets) change. */

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { Secret } from '../secret.ts';
import type { WebhookSecrets } from './webhook-secrets.ts';

export interface WebhookSecretOptions {
  /** Those without a name, as they were at the start. */
  readonly unnamed: readonly Secret[];
  /** Where they are; of one that is not there now the rest count, and of none the last that were read. */
  readonly unnamedFiles: readonly string[];
  /** Holds `<name>` and, while one is rotated, `<name>.next`. Absent: there are no names. */
  readonly directory: string | undefined;
  readonly log: Logger;
  readonly refreshMs?: number;
}

/** Kubelet takes up to a minute to bring a changed Secret; a few seconds more do not count. */
const REFRESH_MS = 5_000;
const MIN_SECRET_LENGTH = 16;
/** A Secret holds at most 1 MiB; one secret is a line. */
const MAX_SECRET_BYTES = 4_096;
const FILE_NAME = /^([A-Za-z0-9](?:[A-Za-z0-9-]{0,62}))(?:\.next)?$/;

interface SecretFile {
  readonly name: string;
  /** Changes when the content may have. */
  readonly stamp: string;
  readonly secret: Secret | undefined;
}

/** Resolves when the directory was read once; an unreadable one is logged once and tried again, and what was read stays. */
export async function watchWebhookSecrets(
  options: WebhookSecretOptions,
): Promise<WebhookSecrets & Disposable> {
  const { unnamedFiles, directory, log } = options;
  let { unnamed } = options;
  let files: ReadonlyMap<string, SecretFile> = new Map();
  let byName: ReadonlyMap<string, readonly Secret[]> = new Map();
  let isFailing = false;
  const refreshUnnamed = async (): Promise<void> => {
    const found = await readUnnamed(unnamedFiles);
    if (found.length > 0) unnamed = found;
  };
  const refresh = async (path: string): Promise<void> => {
    try {
      files = await readSecretFiles(path, files, log);
      byName = groupSecrets(files);
      isFailing = false;
    } catch (error) {
      if (!isFailing) log.error({ err: error, directory: path }, 'the webhook secrets cannot be read');
      isFailing = true;
    }
  };
  const timer = setInterval(() => {
    void refreshUnnamed();
    if (directory !== undefined) void refresh(directory);
  }, options.refreshMs ?? REFRESH_MS).unref();
  if (directory !== undefined) await refresh(directory);
  return {
    find: (name) => (name === '' ? unnamed : byName.get(name.toLowerCase())),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

/** A file that is away or holds no secret gives none. */
async function readUnnamed(files: readonly string[]): Promise<readonly Secret[]> {
  const texts = await Promise.allSettled(files.map((file) => readFile(file, 'utf8')));
  return texts.flatMap((text) => {
    const secret = text.status === 'fulfilled' ? toSecret(text.value) : undefined;
    return secret === undefined ? [] : [secret];
  });
}

/** A file that did not change is not read again. */
async function readSecretFiles(
  directory: string,
  known: ReadonlyMap<string, SecretFile>,
  log: Logger,
): Promise<ReadonlyMap<string, SecretFile>> {
  const names = (await readdir(directory)).filter((name) => FILE_NAME.test(name));
  const files = await Promise.all(
    names.map(async (fileName) => {
      const path = join(directory, fileName);
      const { mtimeMs, ino, size } = await stat(path);
      const stamp = `${mtimeMs} ${ino} ${size}`;
      const before = known.get(fileName);
      if (before?.stamp === stamp) return [fileName, before] as const;
      const secret = size > MAX_SECRET_BYTES ? undefined : toSecret(await readFile(path, 'utf8'));
      if (secret === undefined) log.error({ file: path }, 'a webhook secret needs 16 to 4,096 characters');
      return [fileName, { name: nameOfFile(fileName), stamp, secret }] as const;
    }),
  );
  return new Map(files);
}

function toSecret(text: string): Secret | undefined {
  const trimmed = text.trim();
  return trimmed.length >= MIN_SECRET_LENGTH ? new Secret(trimmed) : undefined;
}

function nameOfFile(fileName: string): string {
  return (FILE_NAME.exec(fileName)?.[1] ?? '').toLowerCase();
}

function groupSecrets(files: ReadonlyMap<string, SecretFile>): ReadonlyMap<string, readonly Secret[]> {
  const grouped = Map.groupBy(files.values(), ({ name }) => name);
  const secrets = [...grouped].map(
    ([name, same]) => [name, same.flatMap(({ secret }) => (secret === undefined ? [] : [secret]))] as const,
  );
  return new Map(secrets.filter(([, found]) => found.length > 0));
}
