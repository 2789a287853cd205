/** Opening a store: migrations, two at once, and the ways it can be refused. */

import { execFile } from 'node:child_process';
import { sql } from 'kysely';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openStore } from '../src/index.ts';
import { openDatabase } from '../src/open-database.ts';
import { databaseKinds } from './databases.ts';

const execute = promisify(execFile);

describe.each(databaseKinds)('openStore on $name', ({ available, create }) => {
  it.skipIf(!available)('lets eight processes start on one empty database at once', async () => {
    const database = await create();
    const program = fileURLToPath(new URL('store-process.ts', import.meta.url));
    const starts = Array.from({ length: 8 }, () => execute(process.execPath, [program, database.url]));
    const ids = (await Promise.all(starts)).map(({ stdout }) => stdout);
    const store = await openStore({ url: database.url });
    const { items } = await store.deliveries.list({ limit: 10 });
    expect(items.map(({ id }) => id).sort()).toEqual(ids.sort());
    await store.close();
    await database.remove();
  });
});

describe('openStore', () => {
  it('refuses a URL that it does not know, without repeating it', async () => {
    const opening = openStore({ url: 'mysql://user:hunter2@host/db' });
    await expect(opening).rejects.toMatchObject({ code: 'STORE_URL_INVALID' });
    await expect(opening).rejects.not.toThrow(/hunter2/);
  });

  it('refuses a path whose directory is missing', async () => {
    const url = `sqlite:${join(tmpdir(), 'no', 'such', 'directory', 'store.sqlite')}`;
    await expect(openStore({ url })).rejects.toMatchObject({ code: 'STORE_UNOPENABLE' });
  });

  it('refuses a file that is no database', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tekton-dag-store-'));
    const path = join(directory, 'store.sqlite');
    await writeFile(path, 'this is a text file, long enough to be no empty database'.repeat(100));
    await expect(openStore({ url: `sqlite:${path}` })).rejects.toMatchObject({ code: 'STORE_UNOPENABLE' });
    await rm(directory, { recursive: true });
  });

  it('refuses a database of a newer program', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tekton-dag-store-'));
    const path = join(directory, 'store.sqlite');
    await (await openStore({ url: `sqlite:${path}` })).close();
    const database = new DatabaseSync(path);
    database.exec("insert into tekton_dag_migrations values (999, 'from-the-future', 0)");
    database.close();
    await expect(openStore({ url: `sqlite:${path}` })).rejects.toMatchObject({ code: 'STORE_TOO_NEW' });
    await rm(directory, { recursive: true });
  });

  it('refuses work once it is closed', async () => {
    const store = await openStore({ url: 'sqlite::memory:' });
    await store.close();
    await expect(store.runs.list({ limit: 1 })).rejects.toThrow(/closed|destroyed/);
  });

  it('takes a full disk for something that passes', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tekton-dag-store-'));
    const database = await openDatabase({ url: `sqlite:${join(directory, 'store.sqlite')}` });
    const { durable: db } = database;
    await sql`create table t (b)`.execute(db);
    await sql`pragma max_page_count = 4`.execute(db);
    const filling = sql`insert into t values (zeroblob(1000000))`.execute(db);
    await expect(filling).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(sql`select nonsense`.execute(db)).rejects.toMatchObject({ code: 'STORE_QUERY_FAILED' });
    await database.destroy();
    await rm(directory, { recursive: true });
  });
});
