/** The audit log of a database. */

import { type Kysely, type Selectable, sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import type { AuditEntry, AuditStore, NewAuditEntry } from './audit-store.ts';
import type { AuditTable, DatabaseSchema } from './database-schema.ts';
import type { Database } from './database.ts';
import { deleteOldest } from './delete-oldest.ts';
import { createGroupCommit } from './group-commit.ts';
import { isAnyOf } from './is-any-of.ts';
import { readCursor } from './page-cursor.ts';
import type { Page } from './page.ts';
import { takePage } from './take-page.ts';

const MAX_BATCH = 128;

/** `settled` resolves when no commit is under way. */
export function createAuditStore({ durable, relaxed }: Database): AuditStore & { settled(): Promise<void> } {
  const appends = createGroupCommit<AuditTable, 'appended'>({
    maxSize: MAX_BATCH,
    commit: async (batch) => {
      // A batch may come twice: its first commit can succeed and the answer get lost.
      const rows = durable.insertInto('audit').values(batch);
      await rows.onConflict((conflict) => conflict.column('id').doNothing()).execute();
      return batch.map(() => 'appended');
    },
  });
  return {
    append: async (entry) => void (await appends.add(toRow(entry))),
    list: (query) => listEntries(relaxed, query),
    prune: (query) => deleteOldest(relaxed, 'audit', query),
    settled: () => appends.settled(),
  };
}

async function listEntries(
  db: Kysely<DatabaseSchema>,
  { limit, after, teams, caller, action }: Parameters<AuditStore['list']>[0],
): Promise<Page<AuditEntry>> {
  const rows = await db
    .selectFrom('audit')
    .selectAll()
    .$if(after !== undefined, (query) => query.where(isAfter(after ?? '')))
    .$if(teams !== undefined, (query) => query.where(isAnyOf('team', teams ?? [])))
    .$if(caller !== undefined, (query) => query.where('caller', '=', caller ?? ''))
    .$if(action !== undefined, (query) => query.where('action', '=', action ?? ''))
    .orderBy('time', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return takePage(rows, limit, toEntry, ({ timeMs, id }) => [timeMs, id]);
}

function isAfter(cursor: string) {
  const [time, id] = readCursor(cursor, 1);
  return sql<boolean>`(time, id) < (${time}, ${id})`;
}

function toRow({ timeMs, caller, action, team, subject, outcome, detail }: NewAuditEntry): AuditTable {
  return { id: randomUUID(), time: timeMs, caller, action, team, subject, outcome, detail };
}

function toEntry({ time, outcome, ...same }: Selectable<AuditTable>): AuditEntry {
  return { ...same, timeMs: time, outcome: toOutcome(outcome) };
}

function toOutcome(text: string): AuditEntry['outcome'] {
  return text === 'allowed' || text === 'refused' ? text : 'failed';
}
