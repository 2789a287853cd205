/** The test plan's graphs of a database. */

import { type Kysely, sql, type Transaction } from 'kysely';
import type { DatabaseSchema } from './database-schema.ts';
import type {
  TestPlanGraph,
  TestPlanScope,
  TestPlanStats,
  TestPlanStore,
  TestPlanTraces,
} from './test-plan-store.ts';

/** Keeps a statement short: what else waits for the database waits for it. */
const MAX_ROWS = 500;

/** Each table with the columns that tell its rows apart within a scope. */
const TABLES = {
  test_plan_services: ['service'],
  test_plan_tests: ['id', 'type'],
  test_plan_touches: ['test', 'service'],
  test_plan_calls: ['caller', 'callee'],
} as const;

type Table = keyof typeof TABLES;
const TABLE_NAMES = [
  'test_plan_services',
  'test_plan_tests',
  'test_plan_touches',
  'test_plan_calls',
] as const;

export function createTestPlanStore(db: Kysely<DatabaseSchema>): TestPlanStore {
  return {
    ingest: (scope, traces, options) => ingestTraces(db, scope, traces, options),
    load: (scope) => loadGraph(db, scope),
    stats: (scope) => readStats(db, scope),
    prune: ({ olderThanMs }) => pruneGraphs(db, olderThanMs),
  };
}

async function ingestTraces(
  db: Kysely<DatabaseSchema>,
  scope: TestPlanScope,
  traces: TestPlanTraces,
  { nowMs, replace = false }: { readonly nowMs: number; readonly replace?: boolean },
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    if (replace) await deleteScope(transaction, scope);
    const write = (table: Table, rows: readonly (readonly string[])[]): Promise<void> =>
      upsertRows(
        transaction,
        table,
        distinct(rows).map((values) => [scope.team, scope.stack, ...values, nowMs]),
      );
    await write(
      'test_plan_services',
      servicesOf(traces).map((service) => [service]),
    );
    await write('test_plan_tests', [
      ...new Map(traces.tests.map(({ id, type }) => [id, [id, type]])).values(),
    ]);
    await write(
      'test_plan_touches',
      traces.touches.map(({ test, service }) => [test, service]),
    );
    await write(
      'test_plan_calls',
      traces.calls.map(({ caller, callee }) => [caller, callee]),
    );
  });
}

function servicesOf({ touches, calls }: TestPlanTraces): readonly string[] {
  return [
    ...touches.map(({ service }) => service),
    ...calls.flatMap(({ caller, callee }) => [caller, callee]),
  ];
}

/** Sorted, so that two writers take the rows in the same order and never wait for each other. */
function distinct(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const byKey = new Map(rows.map((row) => [JSON.stringify(row), row]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

async function upsertRows(
  transaction: Transaction<DatabaseSchema>,
  table: Table,
  rows: readonly (readonly (string | number)[])[],
): Promise<void> {
  const columns = ['team', 'stack', ...TABLES[table], 'last_seen'];
  const key = table === 'test_plan_tests' ? ['team', 'stack', 'id'] : columns.slice(0, -1);
  const late = columns.filter((column) => !key.includes(column));
  for (let start = 0; start < rows.length; start += MAX_ROWS) {
    const values = rows.slice(start, start + MAX_ROWS).map((row) => sql`(${sql.join(row)})`);
    await sql`insert into ${sql.table(table)} (${joinColumns(columns)}) values ${sql.join(values)}
      on conflict (${joinColumns(key)}) do update set
      ${sql.join(late.map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`))}`.execute(
      transaction,
    );
  }
}

const joinColumns = (columns: readonly string[]) => sql.join(columns.map((column) => sql.ref(column)));

async function deleteScope(transaction: Transaction<DatabaseSchema>, scope: TestPlanScope): Promise<void> {
  for (const table of TABLE_NAMES)
    await transaction
      .deleteFrom(table)
      .where('team', '=', scope.team)
      .where('stack', '=', scope.stack)
      .execute();
}

/** In one transaction, so that it is the graph of one moment. */
async function loadGraph(db: Kysely<DatabaseSchema>, { team, stack }: TestPlanScope): Promise<TestPlanGraph> {
  return await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (transaction) => {
      const ofScope = { team, stack };
      const services = await transaction
        .selectFrom('test_plan_services')
        .select('service')
        .where(inScope(ofScope))
        .orderBy('service')
        .execute();
      const tests = await transaction
        .selectFrom('test_plan_tests')
        .select(['id', 'type'])
        .where(inScope(ofScope))
        .orderBy('id')
        .execute();
      const touches = await transaction
        .selectFrom('test_plan_touches')
        .select(['test', 'service'])
        .where(inScope(ofScope))
        .orderBy('test')
        .orderBy('service')
        .execute();
      const calls = await transaction
        .selectFrom('test_plan_calls')
        .select(['caller', 'callee'])
        .where(inScope(ofScope))
        .orderBy('caller')
        .orderBy('callee')
        .execute();
      return { services: services.map(({ service }) => service), tests, touches, calls };
    });
}

const inScope = ({ team, stack }: TestPlanScope) => sql<boolean>`team = ${team} and stack = ${stack}`;

async function readStats(db: Kysely<DatabaseSchema>, scope: TestPlanScope): Promise<TestPlanStats> {
  const count = (table: Table) => sql`(select count(*) from ${sql.table(table)} where ${inScope(scope)})`;
  const { rows } = await sql<TestPlanStats>`select ${count('test_plan_services')} as services,
    ${count('test_plan_tests')} as tests, ${count('test_plan_touches')} as touches,
    ${count('test_plan_calls')} as calls`.execute(db);
  return rows[0] ?? { services: 0, tests: 0, touches: 0, calls: 0 };
}

async function pruneGraphs(db: Kysely<DatabaseSchema>, olderThanMs: number): Promise<number> {
  let count = 0n;
  for (const table of TABLE_NAMES) {
    const { numDeletedRows } = await db
      .deleteFrom(table)
      .where('last_seen', '<', olderThanMs)
      .executeTakeFirstOrThrow();
    count += numDeletedRows;
  }
  return Number(count);
}
