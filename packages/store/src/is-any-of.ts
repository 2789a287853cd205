/** isAnyOf: `in` for a list that may be empty, which Postgres does not take. */

import { type RawBuilder, sql } from 'kysely';

/** True where the column has one of `values`; never where there are none. */
export function isAnyOf(column: string, values: readonly string[]): RawBuilder<boolean> {
  return values.length === 0
    ? sql<boolean>`(1 = 0)`
    : sql<boolean>`${sql.ref(column)} in (${sql.join(values)})`;
}
