/** The cursors of a database. */

import type { Kysely } from 'kysely';
import type { CursorStore } from './cursor-store.ts';
import type { DatabaseSchema } from './database-schema.ts';

export function createCursorStore(db: Kysely<DatabaseSchema>): CursorStore {
  return {
    get: async (name) => {
      const query = db.selectFrom('cursors').select('value').where('name', '=', name);
      return (await query.executeTakeFirst())?.value;
    },
    advance: (name, { from, to }) =>
      from === undefined ? start(db, name, to) : move(db, name, { from, to }),
  };
}

async function start(db: Kysely<DatabaseSchema>, name: string, value: string): Promise<boolean> {
  const inserted = await db
    .insertInto('cursors')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returning('name')
    .executeTakeFirst();
  return inserted !== undefined;
}

async function move(
  db: Kysely<DatabaseSchema>,
  name: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<boolean> {
  const moved = await db
    .updateTable('cursors')
    .set({ value: to })
    .where('name', '=', name)
    .where('value', '=', from)
    .executeTakeFirstOrThrow();
  return moved.numUpdatedRows > 0n;
}
