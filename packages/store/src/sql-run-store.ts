/** The runs of a database. */

import type { Kysely, Selectable } from 'kysely';
import type { DatabaseSchema, RunsTable } from './database-schema.ts';
import type { RunRow, RunState, RunStore } from './run-store.ts';
import { StoreError } from './store-error.ts';

const STATES: readonly RunState[] = ['pending', 'running', 'succeeded', 'failed', 'cancelled'];

export function createRunStore(db: Kysely<DatabaseSchema>): RunStore {
  return {
    upsert: (run) => upsertRun(db, run),
    get: (key) => getRun(db, key),
    list: (query) => listRuns(db, query),
    listOpen: async () =>
      (await db.selectFrom('runs').selectAll().where('state', 'in', ['pending', 'running']).execute()).map(
        toRun,
      ),
  };
}

async function upsertRun(db: Kysely<DatabaseSchema>, run: RunRow): Promise<void> {
  const row = toRow(run);
  await db
    .insertInto('runs')
    .values(row)
    .onConflict((conflict) => conflict.columns(['namespace', 'name']).doUpdateSet(row))
    .execute();
}

async function getRun(
  db: Kysely<DatabaseSchema>,
  { namespace, name }: Pick<RunRow, 'namespace' | 'name'>,
): Promise<RunRow | undefined> {
  const query = db.selectFrom('runs').selectAll().where('namespace', '=', namespace).where('name', '=', name);
  const row = await query.executeTakeFirst();
  return row === undefined ? undefined : toRun(row);
}

async function listRuns(
  db: Kysely<DatabaseSchema>,
  { limit, team }: Parameters<RunStore['list']>[0],
): Promise<readonly RunRow[]> {
  let query = db
    .selectFrom('runs')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('name', 'desc')
    .limit(limit);
  if (team !== undefined) query = query.where('team', '=', team);
  return (await query.execute()).map(toRun);
}

function toRow(run: RunRow): Selectable<RunsTable> {
  const { pullRequest, createdAtMs, startedAtMs, finishedAtMs, ...same } = run;
  return {
    ...same,
    pull_request: pullRequest ?? null,
    created_at: createdAtMs,
    started_at: startedAtMs ?? null,
    finished_at: finishedAtMs ?? null,
  };
}

function toRun(row: Selectable<RunsTable>): RunRow {
  const { pull_request, created_at, started_at, finished_at, state, ...same } = row;
  return {
    ...same,
    state: toState(state),
    pullRequest: pull_request ?? undefined,
    createdAtMs: created_at,
    startedAtMs: started_at ?? undefined,
    finishedAtMs: finished_at ?? undefined,
  };
}

function toState(text: string): RunState {
  const state = STATES.find((known) => known === text);
  if (state === undefined)
    throw new StoreError('STORE_QUERY_FAILED', `unknown run state ${JSON.stringify(text)}`);
  return state;
}
