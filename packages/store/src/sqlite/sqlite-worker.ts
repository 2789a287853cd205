/**
 * The SQLite thread: node:sqlite is synchronous and a durable commit waits for the disk, so both live here and the
 * event loop that answers webhooks never waits for either.
 */

import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { PACK_BODY, packBody } from '../stored-body.ts';
import type { SqliteReply, SqliteStatement } from './sqlite-message.ts';

/** Statements are few: a batch has at most 128 sizes. */
const MAX_CACHED_STATEMENTS = 512;

/**
 * The log is folded into the database every 4 MiB, SQLite's default: the commits of that moment wait for it, some 4 ms, and
 * with 32 MiB 20 to 40 ms for the same work.
 */
const PRAGMAS =
  'pragma busy_timeout = 10000; pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 1000;';

const path: string = workerData.path;
const database = new DatabaseSync(path);
const statements = new Map<string, StatementSync>();
let isDurable = true;
database.exec(PRAGMAS);
database.function(PACK_BODY, { deterministic: true }, (body) =>
  body instanceof Uint8Array ? packBody(body) : body,
);

parentPort?.on('message', (request: readonly SqliteStatement[] | 'close') => {
  if (request === 'close') {
    database.close();
    parentPort?.close();
  } else {
    parentPort?.postMessage(request.map(executeStatement));
  }
});

function executeStatement({ sql, parameters, durable }: SqliteStatement): SqliteReply<unknown> {
  try {
    switchDurability(durable);
    const statement = prepareStatement(sql);
    if (statement.columns().length > 0) return { ok: true, rows: statement.all(...parameters), changes: 0 };
    return { ok: true, rows: [], changes: Number(statement.run(...parameters).changes) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, message, resultCode: resultCodeOf(error) };
  }
}

/** The low byte of the extended code (SQLite docs, "Result and Error Codes"). */
function resultCodeOf(error: unknown): number {
  const isCoded = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';
  return isCoded ? Number(error.errcode) % 256 : 0;
}

/** WAL with synchronous=FULL fsyncs with each commit, with NORMAL only when the log is folded into the database. */
function switchDurability(durable: boolean): void {
  if (durable === isDurable) return;
  database.exec(durable ? 'pragma synchronous = full' : 'pragma synchronous = normal');
  isDurable = durable;
}

function prepareStatement(sql: string): StatementSync {
  const cached = statements.get(sql);
  if (cached !== undefined) return cached;
  if (statements.size >= MAX_CACHED_STATEMENTS) statements.clear();
  const statement = database.prepare(sql);
  statements.set(sql, statement);
  return statement;
}
