/**
 * showReport: makes a pull request show what was planned. Everything is an update of what is there, so doing it again
 * after a crash ends in the same state.
 */

import type { ReportRow } from '@tekton-dag/store';
import type { CheckReport, ForgeClient } from '../forge/forge-client.ts';
import type { PlannedReport } from './plan-report.ts';
import { commentMarkerOf } from './render-comment.ts';
import { hashCheck, hashComment, parseShownState, type ShownState } from './shown-state.ts';

/** What the forge shows now, as far as it took it; `errors` are what it refused. */
export interface ShowResult {
  readonly checkId: string | undefined;
  readonly commentId: string | undefined;
  readonly state: ShownState;
  readonly errors: readonly unknown[];
  /** Requests that changed something. */
  readonly changes: number;
}

/** Never rejects: a check that is refused does not keep the comment from being shown, nor the other way round. */
export async function showReport(
  client: ForgeClient,
  row: ReportRow,
  planned: PlannedReport,
): Promise<ShowResult> {
  const steps = [concludeOld, showCheck, showComment];
  let at: ShowResult = {
    checkId: row.checkId,
    commentId: row.commentId,
    state: parseShownState(row.shownHash),
    errors: [],
    changes: 0,
  };
  for (const step of steps) {
    try {
      const made = await step({ client, row, planned }, at);
      if (made !== undefined) at = { ...at, ...made, changes: at.changes + 1 };
    } catch (error) {
      at = { ...at, errors: [...at.errors, error] };
    }
  }
  return at;
}

interface Showing {
  readonly client: ForgeClient;
  readonly row: ReportRow;
  readonly planned: PlannedReport;
}

type Step = Partial<Pick<ShowResult, 'checkId' | 'commentId' | 'state'>> | undefined;

/** A check that nobody will ever conclude would hold up whoever waits for it. */
async function concludeOld({ client, row, planned }: Showing, { checkId, state }: ShowResult): Promise<Step> {
  if (!state.open || checkId === undefined || state.sha === planned.headSha) return undefined;
  await client.putCheck({
    id: checkId,
    repository: row.repository,
    headSha: state.sha,
    name: planned.name,
    status: 'completed',
    conclusion: 'cancelled',
    title: 'A newer commit takes its place',
    summary: `The pull request stands at \`${planned.headSha}\` now.`,
  });
  return { state: { ...state, open: false } };
}

async function showCheck({ client, row, planned }: Showing, at: ShowResult): Promise<Step> {
  const { check, headSha } = planned;
  const hash = hashCheck(check);
  const { state } = at;
  if (state.sha === headSha && state.check === hash) return undefined;
  const id = canUpdate(at, planned) ? at.checkId : undefined;
  const isAnnotated = id !== undefined && state.annotated;
  const { annotations, ...content } = check;
  const report: CheckReport = {
    ...content,
    ...(id === undefined ? {} : { id }),
    repository: row.repository,
    headSha,
    name: planned.name,
    ...(isAnnotated || annotations.length === 0 ? {} : { annotations }),
  };
  const { id: checkId } = await client.putCheck(report);
  const annotated = isAnnotated || annotations.length > 0;
  return {
    checkId,
    state: { ...state, sha: headSha, check: hash, open: check.status !== 'completed', annotated },
  };
}

/** A check that was concluded and starts over is a new one; of the same name forges show the newest. */
function canUpdate({ state }: ShowResult, { headSha, check }: PlannedReport): boolean {
  return state.sha === headSha && (state.open || check.status === 'completed');
}

async function showComment({ client, row, planned }: Showing, at: ShowResult): Promise<Step> {
  const { comment } = planned;
  if (comment === undefined) return undefined;
  const hash = hashComment(comment);
  if (at.state.comment === hash) return undefined;
  const { id: commentId } = await client.putComment({
    ...(at.commentId === undefined ? {} : { id: at.commentId }),
    repository: row.repository,
    pullRequest: row.pullRequest,
    marker: commentMarkerOf(planned.name),
    body: comment,
  });
  return { commentId, state: { ...at.state, comment: hash } };
}
