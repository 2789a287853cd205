/**
 * The statement that inserts some deliveries. Its text is made once for each number of rows: building it anew costs more
 * than all else that storing a delivery costs this process.
 */

import { CompiledQuery, type Insertable } from 'kysely';
import type { DeliveriesTable } from './database-schema.ts';
import { PACK_BODY, packBody } from './stored-body.ts';

/** A row as it is inserted: claims and outcomes come later. The body is whole, or empty where it is not kept. */
export type NewDeliveryRow = Required<
  Omit<Insertable<DeliveriesTable>, 'attempts' | 'owner' | 'lease_until' | 'outcome'>
>;

const COLUMNS = [
  'host',
  'id',
  'seq',
  'event',
  'action',
  'repository',
  'subject',
  'occurred_at',
  'received_at',
  'headers',
  'body',
  'state',
  'decision',
  'reason',
  'not_before',
  'finished_at',
  'teams',
  'forge',
  'traceparent',
  'secret_name',
  'gap_filled',
  'body_sha256',
  'has_payload',
] as const satisfies readonly (keyof NewDeliveryRow)[];

/** An ignored delivery that comes again with the same body takes the place of the first; any other is left as it is. */
const ON_CONFLICT = `on conflict (host, id) do update set ${[...COLUMNS.slice(2), 'outcome']
  .map((column) => `${column} = excluded.${column}`)
  .join(', ')}
  where deliveries.state = 'ignored'
    and (deliveries.body_sha256 is null or deliveries.body_sha256 = excluded.body_sha256)`;

const texts = { sqlite: new Map<number, string>(), postgres: new Map<number, string>() };

/** Returns `host` and `id` of each row that was inserted. SQLite's thread packs the bodies itself. */
export function compileInsert(
  dialect: 'sqlite' | 'postgres',
  rows: readonly NewDeliveryRow[],
): CompiledQuery<{ host: string; id: string }> {
  const known = texts[dialect].get(rows.length);
  const text = known ?? writeText(dialect, rows.length);
  if (known === undefined) texts[dialect].set(rows.length, text);
  return CompiledQuery.raw(
    text,
    rows.map((row) => (dialect === 'sqlite' ? row : { ...row, body: packBody(row.body) })).flatMap(toValues),
  );
}

const toValues = (row: NewDeliveryRow) => COLUMNS.map((column) => row[column]);

function writeText(dialect: 'sqlite' | 'postgres', rowCount: number): string {
  const placeholder = (index: number): string => (dialect === 'sqlite' ? '?' : `$${index + 1}`);
  const rows = Array.from({ length: rowCount }, (_, row) => {
    const values = COLUMNS.map((column, index) => {
      const value = placeholder(row * COLUMNS.length + index);
      return dialect === 'sqlite' && column === 'body' ? `${PACK_BODY}(${value})` : value;
    });
    return `(${values.join(', ')})`;
  });
  return `insert into deliveries (${COLUMNS.join(', ')}) values ${rows.join(', ')} ${ON_CONFLICT} returning host, id`;
}
