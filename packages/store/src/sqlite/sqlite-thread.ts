/**
 * The caller's side of the SQLite thread: a statement goes out, a promise of its rows comes back. Waking a thread costs as
 * much as a small statement, so all that wait go in one message, and their replies come in one.
 */

import { Worker } from 'node:worker_threads';
import { StoreError } from '../store-error.ts';
import type { SqliteReply, SqliteStatement } from './sqlite-message.ts';

export interface SqliteResult<Row> {
  readonly rows: Row[];
  readonly changes: number;
}

export interface SqliteThread {
  /**
   * Executes one statement, in the order of the calls; rejects with `STORE_QUERY_FAILED` or `STORE_UNAVAILABLE`, or
   * `STORE_CLOSED` once the thread is gone.
   */
  execute<Row>(statement: SqliteStatement): Promise<SqliteResult<Row>>;
  /** After what was asked for before. */
  close(): Promise<void>;
}

interface Asked {
  readonly statement: SqliteStatement;
  readonly settle: (reply: SqliteReply) => void;
}

/** Starts the thread that owns the database file at `path`; the file is made when it is missing. */
export function startSqliteThread(path: string): SqliteThread {
  return new WorkerThread(path);
}

class WorkerThread implements SqliteThread {
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  #death: StoreError | undefined;
  #waiting: Asked[] = [];
  #underWay: Asked[] = [];
  #isSending = false;

  constructor(path: string) {
    this.#worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url), {
      workerData: { path },
      execArgv: [],
    });
    this.#exited = new Promise((resolve) => void this.#worker.once('exit', () => resolve()));
    this.#worker.on('message', (replies: readonly SqliteReply[]) => this.#settle(replies));
    this.#worker.on('error', (error) =>
      this.#die(new StoreError('STORE_UNOPENABLE', `${path}: ${describeError(error)}`, error)),
    );
    this.#worker.on('exit', () => this.#die(new StoreError('STORE_CLOSED', 'the store is closed')));
  }

  execute<Row>(statement: SqliteStatement): Promise<SqliteResult<Row>> {
    return new Promise<SqliteResult<Row>>((resolve, reject) => {
      if (this.#death !== undefined) return reject(this.#death);
      const settle = (reply: SqliteReply): void =>
        reply.ok ? resolve(reply) : reject(this.#death ?? toStoreError(reply));
      this.#waiting.push({ statement, settle });
      if (this.#underWay.length === 0) this.#sendSoon();
    });
  }

  async close(): Promise<void> {
    this.#send();
    this.#worker.postMessage('close');
    await this.#exited;
  }

  /** Once everything that is ready to run now has asked too. */
  #sendSoon(): void {
    if (this.#isSending) return;
    this.#isSending = true;
    process.nextTick(() => {
      this.#isSending = false;
      if (this.#underWay.length === 0) this.#send();
    });
  }

  #send(): void {
    if (this.#waiting.length === 0) return;
    const batch = this.#waiting.splice(0);
    this.#underWay.push(...batch);
    this.#worker.postMessage(batch.map(({ statement }) => statement));
  }

  #settle(replies: readonly SqliteReply[]): void {
    const answered = this.#underWay.splice(0, replies.length);
    if (this.#underWay.length === 0) this.#send();
    for (const [index, reply] of replies.entries()) answered[index]?.settle(reply);
  }

  #die(error: StoreError): void {
    this.#death ??= error;
    const lost: SqliteReply = { ok: false, message: this.#death.message, resultCode: 0 };
    for (const { settle } of [...this.#underWay.splice(0), ...this.#waiting.splice(0)]) settle(lost);
  }
}

/** SQLITE_BUSY, SQLITE_LOCKED, SQLITE_IOERR, SQLITE_FULL: another process holds the file, or the disk is full. */
const PASSING_CODES = new Set([5, 6, 10, 13]);

function toStoreError({ message, resultCode }: Extract<SqliteReply, { ok: false }>): StoreError {
  return new StoreError(PASSING_CODES.has(resultCode) ? 'STORE_UNAVAILABLE' : 'STORE_QUERY_FAILED', message);
}

function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
