/** The databases that the store's tests run on: SQLite always, Postgres where TEST_POSTGRES_URL names a server. */

import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';

export interface TestDatabase {
  readonly url: string;
  readonly remove: () => Promise<void>;
}

export interface DatabaseKind {
  readonly name: string;
  readonly available: boolean;
  readonly create: () => Promise<TestDatabase>;
}

const postgresUrl = process.env['TEST_POSTGRES_URL'] ?? '';

export const databaseKinds: readonly DatabaseKind[] = [
  { name: 'sqlite', available: true, create: createSqliteFile },
  { name: 'postgres', available: postgresUrl !== '', create: createPostgresDatabase },
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
  await executeOnServer(`create database ${name}`);
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  return { url: url.href, remove: () => executeOnServer(`drop database ${name} with (force)`) };
}

async function executeOnServer(statement: string): Promise<void> {
  const client = new Client({ connectionString: postgresUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
