/**
 * The databases that the store's tests run on: SQLite always; Postgres where TEST_POSTGRES_URL names a server or Debian's
 * is installed, which is then started once for the test file.
 */

import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll } from 'vitest';
import { findPostgres, startPostgres, type TestPostgres } from '../src/testing/index.ts';

export interface TestDatabase {
  readonly url: string;
  readonly remove: () => Promise<void>;
}

export interface DatabaseKind {
  /** Says why where it is not available. */
  readonly name: string;
  readonly available: boolean;
  readonly create: () => Promise<TestDatabase>;
}

const givenUrl = process.env['TEST_POSTGRES_URL'] ?? '';
const hasPostgres = givenUrl !== '' || findPostgres() !== undefined;
let started: Promise<TestPostgres> | undefined;

afterAll(async () => {
  await (await started)?.[Symbol.asyncDispose]();
});

export const databaseKinds: readonly DatabaseKind[] = [
  { name: 'sqlite', available: true, create: createSqliteFile },
  {
    name: hasPostgres
      ? 'postgres'
      : 'postgres (skipped: it is not installed and TEST_POSTGRES_URL is not set)',
    available: hasPostgres,
    create: createPostgresDatabase,
  },
];

async function createSqliteFile(): Promise<TestDatabase> {
  const directory = await mkdtemp(join(tmpdir(), 'tekton-dag-store-'));
  return {
    url: `sqlite:${join(directory, 'store.sqlite')}`,
    remove: () => rm(directory, { recursive: true }),
  };
}

async function createPostgresDatabase(): Promise<TestDatabase> {
  const name = `store_${randomUUID().replaceAll('-', '')}`;
  if (givenUrl === '') {
    started ??= startPostgres();
    const url = await (await started).createDatabase(name);
    return { url, remove: async () => {} };
  }
  await executeOnServer(`create database ${name}`);
  const url = new URL(givenUrl);
  url.pathname = `/${name}`;
  return { url: url.href, remove: () => executeOnServer(`drop database ${name} with (force)`) };
}

async function executeOnServer(statement: string): Promise<void> {
  const client = new Client({ connectionString: givenUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
