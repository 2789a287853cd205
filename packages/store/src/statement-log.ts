/** StatementLog: tells whoever measures of each executed statement. */

import type { LogEvent } from 'kysely';

export interface ExecutedStatement {
  /** Its text; the values are not in it. */
  readonly sql: string;
  readonly kind: 'select' | 'insert' | 'update' | 'delete' | 'other';
  /** Without the wait for a connection. */
  readonly durationMs: number;
  readonly failed: boolean;
}

const KINDS: Readonly<Record<string, ExecutedStatement['kind']>> = {
  select: 'select',
  insert: 'insert',
  update: 'update',
  delete: 'delete',
  // Ours all end in an update.
  with: 'update',
};

/** As kysely's option `log`; none where nobody wants to be told. */
export function createStatementLog(onStatement: ((statement: ExecutedStatement) => void) | undefined): {
  log?: (event: LogEvent) => void;
} {
  if (onStatement === undefined) return {};
  return {
    log: ({ level, query, queryDurationMillis }) =>
      onStatement({
        sql: query.sql,
        kind: KINDS[firstWord(query.sql)] ?? 'other',
        durationMs: queryDurationMillis,
        failed: level === 'error',
      }),
  };
}

const firstWord = (text: string): string => /^\w+/.exec(text)?.[0].toLowerCase() ?? '';
