/** The outbox of reports of a database. */

import { type Kysely, type Selectable, sql } from 'kysely';
import type { DatabaseSchema, ReportsTable } from './database-schema.ts';
import type {
  ReportClaim,
  ReportKey,
  ReportRequest,
  ReportRow,
  ReportStore,
  ShownReport,
} from './report-store.ts';

const DEFAULT_BATCH = 500;
/** Spelled as the partial index is, or SQLite would not use it. */
const IS_DUE = sql<boolean>`shown_version < wanted_version`;

/** Spelled out: SQLite takes no `reports.*` here. */
const REPORT_COLUMNS = [
  'reports.host',
  'reports.repository',
  'reports.pull_request',
  'reports.wanted_version',
  'reports.shown_version',
  'reports.head_sha',
  'reports.shown_head_sha',
  'reports.check_id',
  'reports.comment_id',
  'reports.shown_hash',
  'reports.shown_at',
  'reports.attempts',
  'reports.not_before',
  'reports.requested_at',
  'reports.owner',
  'reports.lease_until',
  'reports.last_error',
] as const;

type Claimed = ReportKey & { readonly owner: string | undefined };

export function createReportStore(db: Kysely<DatabaseSchema>, dialect: 'sqlite' | 'postgres'): ReportStore {
  return {
    request: (key, request) => requestReport(db, key, request),
    claim: (claim) => claimReports(db, dialect, claim),
    shown: (key, shown) => storeShown(db, key, shown),
    retry: (key, retry) => storeRetry(db, key, retry),
    giveUp: (key, reason) => storeGivenUp(db, key, reason),
    get: (key) => getReport(db, key),
    releaseClaims: (owner) => releaseClaims(db, owner),
    depth: () => readDepth(db),
    prune: (query) => pruneReports(db, query),
  };
}

async function requestReport(
  db: Kysely<DatabaseSchema>,
  { host, repository, pullRequest }: ReportKey,
  { headSha, nowMs, spacingMs = 0 }: ReportRequest,
): Promise<void> {
  const spaced = sql<number>`case
    when reports.shown_at is null or reports.shown_at + ${spacingMs} < ${nowMs} then ${nowMs}
    else reports.shown_at + ${spacingMs} end`;
  // Waiting after a failure is for the forge's sake: only without one may the new wish move the time, never to later.
  const soonest = sql<number>`case
    when reports.attempts > 0 then reports.not_before
    when reports.shown_version < reports.wanted_version and reports.not_before < ${spaced} then reports.not_before
    else ${spaced} end`;
  await db
    .insertInto('reports')
    .values({
      host,
      repository: repository.toLowerCase(),
      pull_request: pullRequest,
      wanted_version: 1,
      shown_version: 0,
      head_sha: headSha,
      shown_head_sha: '',
      attempts: 0,
      not_before: nowMs,
      requested_at: nowMs,
    })
    .onConflict((conflict) =>
      conflict.columns(['host', 'repository', 'pull_request']).doUpdateSet({
        wanted_version: sql`reports.wanted_version + 1`,
        head_sha: headSha,
        not_before: soonest,
        requested_at: nowMs,
      }),
    )
    .execute();
}

async function claimReports(
  db: Kysely<DatabaseSchema>,
  dialect: 'sqlite' | 'postgres',
  { owner, nowMs, leaseMs, limit }: ReportClaim,
): Promise<readonly ReportRow[]> {
  const claimable = db
    .selectFrom('reports')
    .select(['host', 'repository', 'pull_request'])
    .where(IS_DUE)
    .where('not_before', '<=', nowMs)
    .where((is) => is.or([is('owner', 'is', null), is('lease_until', '<=', nowMs)]))
    .orderBy('not_before')
    .limit(limit)
    .$if(dialect === 'postgres', (query) => query.forUpdate().skipLocked());
  // A step of its own: as a subquery Postgres may run it more than once, and each time it locks other rows.
  const rows = await db
    .with(
      (name) => name('chosen').materialized(),
      () => claimable,
    )
    .updateTable('reports')
    .from('chosen')
    .set((row) => ({ owner, lease_until: nowMs + leaseMs, attempts: row('reports.attempts', '+', 1) }))
    .whereRef('reports.host', '=', 'chosen.host')
    .whereRef('reports.repository', '=', 'chosen.repository')
    .whereRef('reports.pull_request', '=', 'chosen.pull_request')
    .returning(REPORT_COLUMNS)
    .execute();
  return rows.map(toReport).sort((a, b) => a.notBeforeMs - b.notBeforeMs);
}

/** What was made on the forge is kept even when the claim was lost meanwhile: nobody else knows its id. */
async function storeShown(db: Kysely<DatabaseSchema>, key: Claimed, shown: ShownReport): Promise<void> {
  await updateReport(db, key)
    .set({
      shown_version: sql`case when shown_version > ${shown.version} then shown_version else ${shown.version} end`,
      shown_head_sha: shown.headSha,
      check_id: shown.checkId ?? null,
      comment_id: shown.commentId ?? null,
      shown_hash: shown.hash,
      shown_at: shown.nowMs,
      last_error: null,
      attempts: 0,
      ...endedClaim(key),
    })
    .execute();
}

async function storeRetry(
  db: Kysely<DatabaseSchema>,
  key: Claimed,
  { notBeforeMs, error, headSha, checkId, commentId, hash }: Parameters<ReportStore['retry']>[1],
): Promise<void> {
  await updateReport(db, key)
    .set({
      not_before: notBeforeMs,
      last_error: error,
      ...(checkId === undefined ? {} : { check_id: checkId }),
      ...(commentId === undefined ? {} : { comment_id: commentId }),
      ...(headSha === undefined ? {} : { shown_head_sha: headSha }),
      ...(hash === undefined ? {} : { shown_hash: hash }),
      ...endedClaim(key),
    })
    .execute();
}

async function storeGivenUp(
  db: Kysely<DatabaseSchema>,
  key: Claimed,
  { version, error }: { readonly version: number; readonly error: string },
): Promise<void> {
  await updateReport(db, key)
    .set({
      shown_version: sql`case when shown_version > ${version} then shown_version else ${version} end`,
      last_error: error,
      attempts: 0,
      ...endedClaim(key),
    })
    .execute();
}

function updateReport(db: Kysely<DatabaseSchema>, { host, repository, pullRequest }: ReportKey) {
  return db
    .updateTable('reports')
    .where('host', '=', host)
    .where('repository', '=', repository.toLowerCase())
    .where('pull_request', '=', pullRequest);
}

/** Another owner's claim is left alone. */
function endedClaim({ owner }: Claimed) {
  const isOurs = sql<boolean>`owner = ${owner ?? ''}`;
  return {
    owner: sql<string | null>`case when ${isOurs} then null else owner end`,
    lease_until: sql<number | null>`case when ${isOurs} then null else lease_until end`,
  };
}

async function getReport(
  db: Kysely<DatabaseSchema>,
  { host, repository, pullRequest }: ReportKey,
): Promise<ReportRow | undefined> {
  const row = await db
    .selectFrom('reports')
    .selectAll()
    .where('host', '=', host)
    .where('repository', '=', repository.toLowerCase())
    .where('pull_request', '=', pullRequest)
    .executeTakeFirst();
  return row === undefined ? undefined : toReport(row);
}

async function releaseClaims(db: Kysely<DatabaseSchema>, owner: string): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('reports')
    .set({ owner: null, lease_until: null })
    .where(IS_DUE)
    .where('owner', '=', owner)
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}

async function readDepth(db: Kysely<DatabaseSchema>) {
  const row = await db
    .selectFrom('reports')
    .select((row) => [row.fn.countAll().as('depth'), row.fn.min('requested_at').as('oldest')])
    .where(IS_DUE)
    .executeTakeFirst();
  return { depth: Number(row?.depth ?? 0), oldestRequestedAtMs: row?.oldest ?? undefined };
}

async function pruneReports(
  db: Kysely<DatabaseSchema>,
  { olderThanMs, limit = DEFAULT_BATCH }: { readonly olderThanMs: number; readonly limit?: number },
): Promise<number> {
  const oldest = db
    .selectFrom('reports')
    .select(['host', 'repository', 'pull_request'])
    .where(sql<boolean>`shown_version >= wanted_version`)
    .where('requested_at', '<', olderThanMs)
    .orderBy('requested_at')
    .limit(limit);
  const { numDeletedRows } = await db
    .deleteFrom('reports')
    .where(sql<boolean>`(host, repository, pull_request) in (${oldest})`)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

function toReport(row: Selectable<ReportsTable>): ReportRow {
  return {
    host: row.host,
    repository: row.repository,
    pullRequest: row.pull_request,
    wantedVersion: row.wanted_version,
    shownVersion: row.shown_version,
    headSha: row.head_sha,
    shownHeadSha: row.shown_head_sha,
    checkId: row.check_id ?? undefined,
    commentId: row.comment_id ?? undefined,
    shownHash: row.shown_hash ?? undefined,
    shownAtMs: row.shown_at ?? undefined,
    attempts: row.attempts,
    notBeforeMs: row.not_before,
    requestedAtMs: row.requested_at,
    owner: row.owner ?? undefined,
    lastError: row.last_error ?? undefined,
  };
}
