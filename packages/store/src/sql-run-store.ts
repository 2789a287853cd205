/** The runs of a database. */

import { type Kysely, type Selectable, sql } from 'kysely';
import type { DatabaseSchema, RunsTable } from './database-schema.ts';
import { createGroupCommit } from './group-commit.ts';
import { isAnyOf } from './is-any-of.ts';
import { listHas, readNameList, writeNameList } from './name-list.ts';
import { readCursor } from './page-cursor.ts';
import type { Page } from './page.ts';
import { pruneRuns } from './prune-runs.ts';
import type {
  PullRequestOfRuns,
  RunKey,
  RunQuery,
  RunRow,
  RunState,
  RunStore,
  RunWithEvidence,
} from './run-store.ts';
import { StoreError } from './store-error.ts';
import { takePage } from './take-page.ts';

const STATES: readonly RunState[] = ['pending', 'running', 'succeeded', 'failed', 'cancelled'];
const DEFAULT_LIMIT = 100;
const MAX_BATCH = 64;

/** All but the evidence, which may be large. */
const RUN_COLUMNS = [
  'namespace',
  'name',
  'pipeline',
  'mode',
  'team',
  'stack',
  'app',
  'apps',
  'host',
  'repository',
  'pull_request',
  'sha',
  'attempt',
  'delivery',
  'traceparent',
  'provenance',
  'state',
  'reason',
  'created_at',
  'started_at',
  'finished_at',
] as const;

type RunColumns = Pick<Selectable<RunsTable>, (typeof RUN_COLUMNS)[number]>;

/** `settled` resolves when no commit is under way. */
export function createRunStore(db: Kysely<DatabaseSchema>): RunStore & { settled(): Promise<void> } {
  const upserts = createGroupCommit<RunRow, 'stored'>({
    maxSize: MAX_BATCH,
    commit: (batch) => upsertRuns(db, batch),
  });
  return {
    upsert: async (run) => void (await upserts.add(run)),
    get: (key) => getRun(db, key),
    setEvidence: (key, evidence) => setEvidence(db, key, evidence),
    list: (query) => listRuns(db, query),
    listOfPullRequest: (query) => listOfPullRequest(db, query),
    listOpen: () => listOpenRuns(db),
    prune: (query) => pruneRuns(db, query),
    settled: () => upserts.settled(),
  };
}

async function upsertRuns(
  db: Kysely<DatabaseSchema>,
  batch: readonly RunRow[],
): Promise<readonly 'stored'[]> {
  // One statement must not touch a row twice: what is known last counts.
  const latest = new Map(batch.map((run) => [`${run.namespace}/${run.name}`, run]));
  const columns = RUN_COLUMNS.filter((column) => column !== 'namespace' && column !== 'name');
  await db
    .insertInto('runs')
    .values([...latest.values()].map(toRow))
    .onConflict((conflict) =>
      conflict
        .columns(['namespace', 'name'])
        .doUpdateSet((row) =>
          Object.fromEntries(columns.map((column) => [column, row.ref(`excluded.${column}`)])),
        ),
    )
    .execute();
  return batch.map(() => 'stored');
}

async function getRun(
  db: Kysely<DatabaseSchema>,
  { namespace, name }: RunKey,
): Promise<RunWithEvidence | undefined> {
  const query = db.selectFrom('runs').selectAll().where('namespace', '=', namespace).where('name', '=', name);
  const row = await query.executeTakeFirst();
  return row === undefined ? undefined : { ...toRun(row), evidence: row.evidence ?? undefined };
}

async function setEvidence(
  db: Kysely<DatabaseSchema>,
  { namespace, name }: RunKey,
  evidence: string,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('runs')
    .set({ evidence })
    .where('namespace', '=', namespace)
    .where('name', '=', name)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

async function listRuns(db: Kysely<DatabaseSchema>, query: RunQuery): Promise<Page<RunRow>> {
  const rows = await filterRuns(db, query)
    .orderBy('created_at', 'desc')
    .orderBy('name', 'desc')
    .orderBy('namespace', 'desc')
    .limit(query.limit + 1)
    .execute();
  return takePage(rows, query.limit, toRun, ({ createdAtMs, name, namespace }) => [
    createdAtMs,
    name,
    namespace,
  ]);
}

function filterRuns(
  db: Kysely<DatabaseSchema>,
  { after, teams, team, stack, app, repository, pullRequest, states, mode }: RunQuery,
) {
  return db
    .selectFrom('runs')
    .select(RUN_COLUMNS)
    .$if(after !== undefined, (query) => query.where(isAfter(after ?? '')))
    .$if(teams !== undefined, (query) => query.where(isAnyOf('team', teams ?? [])))
    .$if(team !== undefined, (query) => query.where('team', '=', team ?? ''))
    .$if(stack !== undefined, (query) => query.where('stack', '=', stack ?? ''))
    .$if(app !== undefined, (query) =>
      query.where((is) => is.or([is('app', '=', app ?? ''), listHas(sql.ref('apps'), app ?? '')])),
    )
    .$if(repository !== undefined, (query) => query.where(isRepository(repository ?? '')))
    .$if(pullRequest !== undefined, (query) => query.where('pull_request', '=', pullRequest ?? 0))
    .$if(states !== undefined, (query) => query.where(isAnyOf('state', states ?? [])))
    .$if(mode !== undefined, (query) => query.where('mode', '=', mode ?? ''));
}

function isAfter(cursor: string) {
  const [createdAt, name, namespace] = readCursor(cursor, 2);
  return sql<boolean>`(created_at, name, namespace) < (${createdAt}, ${name}, ${namespace})`;
}

/** Written as the index is, or the index would not be used. */
const isRepository = (repository: string) => sql<boolean>`lower(repository) = ${repository.toLowerCase()}`;

async function listOfPullRequest(
  db: Kysely<DatabaseSchema>,
  { host, repository, pullRequest, limit = DEFAULT_LIMIT }: PullRequestOfRuns & { readonly limit?: number },
): Promise<readonly RunWithEvidence[]> {
  const rows = await db
    .selectFrom('runs')
    .selectAll()
    .where(isRepository(repository))
    .where('pull_request', '=', pullRequest)
    .$if(host !== undefined, (query) => query.where('host', '=', host ?? ''))
    .orderBy('created_at', 'desc')
    .orderBy('name', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...toRun(row), evidence: row.evidence ?? undefined }));
}

async function listOpenRuns(db: Kysely<DatabaseSchema>): Promise<readonly RunRow[]> {
  const rows = await db
    .selectFrom('runs')
    .select(RUN_COLUMNS)
    .where('state', 'in', [sql.lit('pending'), sql.lit('running')])
    .execute();
  return rows.map(toRun);
}

function toRow(run: RunRow): RunColumns {
  return {
    namespace: run.namespace,
    name: run.name,
    pipeline: run.pipeline,
    mode: run.mode,
    team: run.team,
    stack: run.stack,
    app: run.app,
    apps: writeNameList(run.apps),
    host: run.host,
    repository: run.repository,
    pull_request: run.pullRequest ?? null,
    sha: run.sha,
    attempt: run.attempt,
    delivery: run.delivery,
    traceparent: run.traceparent,
    provenance: run.provenance,
    state: run.state,
    reason: run.reason,
    created_at: run.createdAtMs,
    started_at: run.startedAtMs ?? null,
    finished_at: run.finishedAtMs ?? null,
  };
}

function toRun(row: RunColumns): RunRow {
  return {
    namespace: row.namespace,
    name: row.name,
    pipeline: row.pipeline,
    mode: row.mode,
    team: row.team,
    stack: row.stack,
    app: row.app,
    apps: toApps(row),
    host: row.host,
    repository: row.repository,
    pullRequest: row.pull_request ?? undefined,
    sha: row.sha,
    attempt: row.attempt,
    delivery: row.delivery,
    traceparent: row.traceparent,
    provenance: row.provenance,
    state: toState(row.state),
    reason: row.reason,
    createdAtMs: row.created_at,
    startedAtMs: row.started_at ?? undefined,
    finishedAtMs: row.finished_at ?? undefined,
  };
}

/** Rows of before runs could have several apps have only `app`. */
function toApps({ app, apps }: Pick<RunColumns, 'app' | 'apps'>): readonly string[] {
  if (apps !== '') return readNameList(apps);
  return app === '' ? [] : [app];
}

function toState(text: string): RunState {
  const state = STATES.find((known) => known === text);
  if (state === undefined)
    throw new StoreError('STORE_QUERY_FAILED', `unknown run state ${JSON.stringify(text)}`);
  return state;
}
