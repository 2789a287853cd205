/**
 * The reporter: brings to the forges what pull requests are to show. Every replica runs one; a claim keeps two from showing
 * the same. It looks at the state as it is, so whatever was lost before a crash is shown after it.
 */

import type { ReportRow, Store } from '@tekton-dag/store';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { ForgeError } from '../forge/forge-error.ts';
import type { Forges } from '../forge/forges.ts';
import { isStoreAway } from '../is-store-away.ts';
import { loadReportState, type ReportSources } from './load-report-state.ts';
import { planReport, type PlannedReport } from './plan-report.ts';
import { showReport, type ShowResult } from './show-report.ts';

/** `refused`: for good. `waiting`: nothing to show yet. */
export type ReportOutcome = 'shown' | 'unchanged' | 'waiting' | 'retried' | 'refused';

export interface ReporterOptions extends ReportSources {
  readonly forges: Forges;
  readonly log: Logger;
  /** Whose claims these are. */
  readonly owner: string;
  readonly onOutcome: (outcome: ReportOutcome) => void;
}

export interface Reporter extends AsyncDisposable {
  start(): void;
}

/** Longer than the requests for one report may take. */
const LEASE_MS = 120_000;
const POLL_MS = 500;
const CONCURRENCY = 8;
/** Work on the pull request goes on, and will not say when it has ended. */
const UNSETTLED_MS = 2_000;
/** Times that a report waits for its pull request to become known. */
const MAX_UNKNOWN = 10;
const MAX_RETRY_MS = 10 * 60_000;
/** Nobody waits for the report longer. */
const GIVE_UP_MS = 24 * 3_600_000;

export function createReporter(options: ReporterOptions): Reporter {
  const stop = new AbortController();
  let running: Promise<void> | undefined;
  return {
    start: () => {
      running ??= run(options, stop.signal);
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
    },
  };
}

async function run(options: ReporterOptions, signal: AbortSignal): Promise<void> {
  let mayHaveLost = false;
  while (!signal.aborted) {
    const { count, isWhole } = await workOff(options, mayHaveLost);
    mayHaveLost = !isWhole;
    if (count < CONCURRENCY) await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

interface Round {
  /** Reports that were due. */
  readonly count: number;
  /** False: a claim, or the word of its outcome, may have been lost while the store was away. */
  readonly isWhole: boolean;
}

/** Never rejects. What was lost the last time is free again first: nothing else of ours is in hand then. */
async function workOff(
  { store, owner, log, ...rest }: ReporterOptions,
  mayHaveLost: boolean,
): Promise<Round> {
  try {
    if (mayHaveLost) await store.reports.releaseClaims(owner);
    const claim = { owner, nowMs: Date.now(), leaseMs: LEASE_MS, limit: CONCURRENCY };
    const rows = await store.reports.claim(claim);
    const whole = await Promise.all(rows.map((row) => workOn({ store, owner, log, ...rest }, row)));
    return { count: rows.length, isWhole: whole.every(Boolean) };
  } catch (error) {
    log.error({ err: error }, 'reports cannot be claimed');
    return { count: 0, isWhole: false };
  }
}

/** Never rejects: false where the store was away when it was told of the outcome; what it refuses waits for the lease. */
async function workOn(options: ReporterOptions, row: ReportRow): Promise<boolean> {
  const log = options.log.child({ repository: row.repository, pullRequest: row.pullRequest });
  try {
    const outcome = await report({ ...options, log }, row);
    options.onOutcome(outcome);
    return true;
  } catch (error) {
    log.error({ err: error }, 'what is shown on a pull request cannot be stored');
    return !isStoreAway(error);
  }
}

async function report(options: ReporterOptions, row: ReportRow): Promise<ReportOutcome> {
  const { store, forges } = options;
  const client = forges.clientFor(row.host);
  if (client === undefined) {
    await store.reports.giveUp(row, { version: row.wantedVersion, error: 'no credentials for this host' });
    return 'refused';
  }
  const planned = planReport(await loadReportState(options, row));
  if (planned === undefined) return await waitForMore(store, row);
  const result = await showReport(client, row, planned);
  const [error] = result.errors.toSorted((a, b) => Number(isLasting(a)) - Number(isLasting(b)));
  if (error === undefined) return await storeShown(store, row, planned, result);
  return await storeFailure(options, row, planned, { result, error });
}

/** Of what a run made by hand is about there may never be more. */
async function waitForMore({ reports }: Store, row: ReportRow): Promise<ReportOutcome> {
  if (row.attempts > MAX_UNKNOWN) {
    await reports.giveUp(row, { version: row.wantedVersion, error: 'nothing is known of it' });
    return 'refused';
  }
  await reports.retry(row, { notBeforeMs: Date.now() + UNSETTLED_MS, error: 'nothing is known yet' });
  return 'waiting';
}

/** While work goes on the report stays due, whatever happens to this process. */
async function storeShown(
  { reports }: Store,
  row: ReportRow,
  { headSha, settled }: PlannedReport,
  { checkId, commentId, state, changes }: ShowResult,
): Promise<ReportOutcome> {
  const version = settled ? row.wantedVersion : row.wantedVersion - 1;
  const shown = { headSha, checkId, commentId, hash: JSON.stringify(state) };
  const nowMs = Date.now();
  await reports.shown(row, { ...shown, version, nowMs });
  if (!settled) await reports.retry(row, { notBeforeMs: nowMs + UNSETTLED_MS, error: 'work goes on' });
  return changes > 0 ? 'shown' : 'unchanged';
}

async function storeFailure(
  { store, log }: ReporterOptions,
  row: ReportRow,
  { headSha }: PlannedReport,
  { result, error }: { readonly result: ShowResult; readonly error: unknown },
): Promise<ReportOutcome> {
  const message = error instanceof Error ? error.message : String(error);
  const nowMs = Date.now();
  const { checkId, commentId } = result;
  const hash = JSON.stringify(result.state);
  if (isLasting(error) || nowMs - row.requestedAtMs > GIVE_UP_MS) {
    log.warn({ err: error }, 'the forge refuses a report');
    const shown = { headSha, checkId, commentId, hash, nowMs };
    await store.reports.shown(row, { ...shown, version: row.wantedVersion });
    return 'refused';
  }
  log.info({ err: error }, 'a report is tried again later');
  await store.reports.retry(row, {
    headSha,
    hash,
    notBeforeMs: Math.max(nowMs + retryAfterMs(row.attempts), retryAtMs(error)),
    error: message,
    ...(checkId === undefined ? {} : { checkId }),
    ...(commentId === undefined ? {} : { commentId }),
  });
  return 'retried';
}

/** Asking again gives the same. Bad credentials are mended by people, sooner or later. */
function isLasting(error: unknown): boolean {
  return error instanceof ForgeError && ['not-found', 'forbidden', 'invalid'].includes(error.reason);
}

function retryAtMs(error: unknown): number {
  return error instanceof ForgeError ? (error.retryAtMs ?? 0) : 0;
}

/** 1 s, doubling up to 10 min; half of it random, so that what failed together does not come back together. */
function retryAfterMs(attempts: number): number {
  const limit = Math.min(MAX_RETRY_MS, 1_000 * 2 ** Math.min(Math.max(0, attempts - 1), 12));
  return Math.round(limit / 2 + (limit / 2) * Math.random());
}
