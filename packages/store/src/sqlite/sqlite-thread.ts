/** The caller's side of the SQLite thread: a statement goes out, a promise of its rows comes back. */

import { Worker } from 'node:worker_threads';
import { StoreError } from '../store-error.ts';
import type { SqliteReply, SqliteRequest, SqliteStatement } from './sqlite-message.ts';

export interface SqliteResult<Row> {
  readonly rows: Row[];
  readonly changes: number;
}

export interface SqliteThread {
  /** Executes one statement; rejects with `STORE_QUERY_FAILED` or `STORE_UNAVAILABLE`, or `STORE_CLOSED` once the thread is gone. */
  execute<Row>(statement: SqliteStatement): Promise<SqliteResult<Row>>;
  close(): Promise<void>;
}

/** Starts the thread that owns the database file at `path`; the file is made when it is missing. */
export function startSqliteThread(path: string): SqliteThread {
  const worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url), {
    workerData: { path },
    execArgv: [],
  });
  const waiting = new Map<number, (reply: SqliteReply) => void>();
  const exited = new Promise<void>((resolve) => void worker.once('exit', () => resolve()));
  let nextId = 1;
  let death: StoreError | undefined;

  const failWaiting = (error: StoreError): void => {
    death ??= error;
    for (const [id, settle] of waiting) settle({ id, ok: false, message: death.message, resultCode: 0 });
    waiting.clear();
  };
  worker.on('message', (reply: SqliteReply) => {
    waiting.get(reply.id)?.(reply);
    waiting.delete(reply.id);
  });
  worker.on('error', (error) =>
    failWaiting(new StoreError('STORE_UNOPENABLE', `${path}: ${describeError(error)}`, error)),
  );
  worker.on('exit', () => failWaiting(new StoreError('STORE_CLOSED', 'the store is closed')));

  return {
    execute: <Row>(statement: SqliteStatement) =>
      new Promise<SqliteResult<Row>>((resolve, reject) => {
        if (death !== undefined) return reject(death);
        const request: SqliteRequest = { id: nextId++, ...statement };
        waiting.set(request.id, (reply) =>
          reply.ok ? resolve(reply) : reject(death ?? toStoreError(reply)),
        );
        worker.postMessage(request);
      }),
    close: async () => {
      worker.postMessage('close');
      await exited;
    },
  };
}

/** SQLITE_BUSY, SQLITE_LOCKED, SQLITE_IOERR, SQLITE_FULL: another process holds the file, or the disk is full. */
const PASSING_CODES = new Set([5, 6, 10, 13]);

function toStoreError({ message, resultCode }: Extract<SqliteReply, { ok: false }>): StoreError {
  return new StoreError(PASSING_CODES.has(resultCode) ? 'STORE_UNAVAILABLE' : 'STORE_QUERY_FAILED', message);
}

function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
