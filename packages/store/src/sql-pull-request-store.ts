/** The pull requests of a database. */

import { type Kysely, type Selectable, sql } from 'kysely';
import type { DatabaseSchema, PullRequestsTable } from './database-schema.ts';
import { listHas, readNameList, writeNameList } from './name-list.ts';
import type {
  PullRequestFacts,
  PullRequestKey,
  PullRequestRow,
  PullRequestStore,
} from './pull-request-store.ts';

const DEFAULT_BATCH = 500;

export function createPullRequestStore(db: Kysely<DatabaseSchema>): PullRequestStore {
  return {
    upsert: (facts) => upsertPullRequest(db, facts),
    get: (key) => getPullRequest(db, key),
    setHold: (key, { by, atMs }) => decide(db, key, { held_by: by, held_at: atMs }),
    clearHold: (key) => clearHold(db, key),
    approve: (key, { sha, by, atMs }) =>
      decide(db, key, { approved_sha: sha, approved_by: by, approved_at: atMs }),
    dependentsOf: (key) => listDependents(db, key),
    prune: (query) => prunePullRequests(db, query),
  };
}

async function upsertPullRequest(
  db: Kysely<DatabaseSchema>,
  facts: PullRequestFacts,
): Promise<PullRequestRow> {
  const row = toRow(facts);
  const stored = await db
    .insertInto('pull_requests')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['host', 'repository', 'number'])
        .doUpdateSet(row)
        .where('pull_requests.updated_at', '<=', facts.updatedAtMs),
    )
    .returningAll()
    .executeTakeFirst();
  if (stored !== undefined) return toPullRequest(stored);
  // What is stored is newer; if it was pruned meanwhile, these facts are the newest again.
  return (await getPullRequest(db, facts)) ?? (await upsertPullRequest(db, facts));
}

async function getPullRequest(
  db: Kysely<DatabaseSchema>,
  key: PullRequestKey,
): Promise<PullRequestRow | undefined> {
  const row = await db
    .selectFrom('pull_requests')
    .selectAll()
    .where('host', '=', key.host)
    .where('repository', '=', key.repository.toLowerCase())
    .where('number', '=', key.number)
    .executeTakeFirst();
  return row === undefined ? undefined : toPullRequest(row);
}

type Verdict = Pick<
  Partial<Selectable<PullRequestsTable>>,
  'held_by' | 'held_at' | 'approved_sha' | 'approved_by' | 'approved_at'
>;

/** A word may come before the facts: the row is then made for it. */
async function decide(
  db: Kysely<DatabaseSchema>,
  { host, repository, number }: PullRequestKey,
  verdict: Verdict,
): Promise<void> {
  await db
    .insertInto('pull_requests')
    .values({ ...NO_FACTS, host, repository: repository.toLowerCase(), number, ...verdict })
    .onConflict((conflict) => conflict.columns(['host', 'repository', 'number']).doUpdateSet(verdict))
    .execute();
}

const NO_FACTS = {
  head_sha: '',
  base_ref: '',
  author: '',
  title: '',
  from_fork: 0,
  draft: 0,
  state: 'open',
  teams: '',
  depends_on: '',
  updated_at: 0,
};

async function clearHold(
  db: Kysely<DatabaseSchema>,
  { host, repository, number }: PullRequestKey,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('pull_requests')
    .set({ held_by: null, held_at: null })
    .where('host', '=', host)
    .where('repository', '=', repository.toLowerCase())
    .where('number', '=', number)
    .where('held_by', 'is not', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

async function listDependents(
  db: Kysely<DatabaseSchema>,
  key: PullRequestKey,
): Promise<readonly PullRequestRow[]> {
  const rows = await db
    .selectFrom('pull_requests')
    .selectAll()
    .where('host', '=', key.host)
    // Spelled as the partial index is, or SQLite would not use it.
    .where(sql<boolean>`depends_on <> '' and state = 'open'`)
    .where(listHas(sql.ref('depends_on'), dependencyName(key)))
    .orderBy('repository')
    .orderBy('number')
    .execute();
  return rows.map(toPullRequest);
}

async function prunePullRequests(
  db: Kysely<DatabaseSchema>,
  { olderThanMs, limit = DEFAULT_BATCH }: { readonly olderThanMs: number; readonly limit?: number },
): Promise<number> {
  const oldest = db
    .selectFrom('pull_requests')
    .select(['host', 'repository', 'number'])
    .where('state', '=', sql.lit('closed'))
    .where('updated_at', '<', olderThanMs)
    .orderBy('updated_at')
    .limit(limit);
  const { numDeletedRows } = await db
    .deleteFrom('pull_requests')
    .where(sql<boolean>`(host, repository, number) in (${oldest})`)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

const dependencyName = ({ repository, number }: Pick<PullRequestKey, 'repository' | 'number'>): string =>
  `${repository.toLowerCase()}#${number}`;

function toRow(facts: PullRequestFacts) {
  return {
    host: facts.host,
    repository: facts.repository.toLowerCase(),
    number: facts.number,
    head_sha: facts.headSha,
    base_ref: facts.baseRef,
    author: facts.author,
    title: facts.title,
    from_fork: facts.fromFork ? 1 : 0,
    draft: facts.draft ? 1 : 0,
    state: facts.state,
    teams: writeNameList(facts.teams),
    depends_on: writeNameList(facts.dependsOn.map(dependencyName)),
    updated_at: facts.updatedAtMs,
  };
}

function toPullRequest(row: Selectable<PullRequestsTable>): PullRequestRow {
  return {
    host: row.host,
    repository: row.repository,
    number: row.number,
    headSha: row.head_sha,
    baseRef: row.base_ref,
    author: row.author,
    title: row.title,
    fromFork: row.from_fork === 1,
    draft: row.draft === 1,
    state: row.state === 'closed' ? 'closed' : 'open',
    teams: readNameList(row.teams),
    dependsOn: readNameList(row.depends_on).map(toDependency),
    updatedAtMs: row.updated_at,
    ...toVerdicts(row),
  };
}

function toVerdicts(row: Selectable<PullRequestsTable>): Pick<PullRequestRow, 'hold' | 'approval'> {
  const { held_by: heldBy, approved_sha: sha } = row;
  return {
    hold: heldBy === null ? undefined : { by: heldBy, atMs: row.held_at ?? 0 },
    approval: sha === null ? undefined : { sha, by: row.approved_by ?? '', atMs: row.approved_at ?? 0 },
  };
}

function toDependency(name: string): PullRequestRow['dependsOn'][number] {
  const at = name.lastIndexOf('#');
  return { repository: name.slice(0, at), number: Number(name.slice(at + 1)) };
}
