/** NameList: names in one column, with a comma before, between and after, so that SQL finds a name only whole. */

import { sql, type ExpressionWrapper, type RawBuilder } from 'kysely';
import type { DatabaseSchema } from './database-schema.ts';

/** `['a', 'b']` gives `,a,b,`; no names give the empty text. Names must not hold a comma. */
export const writeNameList = (names: readonly string[]): string =>
  names.length === 0 ? '' : `,${names.join(',')},`;

export const readNameList = (text: string): readonly string[] =>
  text.split(',').filter((name) => name !== '');

/** True where the list in `column` has `name`, letter for letter. (`like` would ignore case on SQLite.) */
export function listHas(column: ListColumn, name: string): RawBuilder<boolean> {
  const part = `,${name},`;
  return sql<boolean>`(${column} <> replace(${column}, ${part}, ''))`;
}

/** True where the list has any of `names`; never where there are none. */
export function listHasAny(column: ListColumn, names: readonly string[]): RawBuilder<boolean> {
  if (names.length === 0) return sql<boolean>`(1 = 0)`;
  return sql<boolean>`(${sql.join(
    names.map((name) => listHas(column, name)),
    sql` or `,
  )})`;
}

type ListColumn = RawBuilder<unknown> | ExpressionWrapper<DatabaseSchema, keyof DatabaseSchema, string>;
