/** planReport: what a pull request is to show, as a function of what is known of it. Pure. */

import type { Delivery, RunWithEvidence } from '@tekton-dag/store';
import { parseDeliveryOutcome } from '../deliveries/delivery-outcome.ts';
import type { CheckAnnotation, CheckConclusion } from '../forge/forge-client.ts';
import { explainNothing } from './explain-nothing.ts';
import { fitSections } from './fit-sections.ts';
import { judgeHead, type Head, type HeadVerdict } from './judge-head.ts';
import { judgeRuns } from './judge-runs.ts';
import { planAnnotations } from './plan-annotations.ts';
import { renderComment } from './render-comment.ts';
import { renderRunSections, runUrl } from './render-run.ts';
import type { ReportState } from './report-state.ts';
import { titleOfRuns } from './title-of-runs.ts';

export interface PlannedCheck {
  readonly status: 'queued' | 'in_progress' | 'completed';
  /** With `completed` alone. */
  readonly conclusion?: CheckConclusion;
  /** Plain text. */
  readonly title: string;
  /** Markdown. */
  readonly summary: string;
  readonly detailsUrl?: string;
  readonly annotations: readonly CheckAnnotation[];
}

export interface PlannedReport {
  /** Of the check, which branch protection asks for; the comment is found again by it. */
  readonly name: string;
  readonly headSha: string;
  readonly check: PlannedCheck;
  /** Undefined: nothing that is worth a comment, where there is none yet. */
  readonly comment: string | undefined;
  /** False while work on the pull request goes on that may change it without a word. */
  readonly settled: boolean;
}

/** GitHub: 65,535 characters for a check's summary, 65,536 for a comment. */
const MAX_SUMMARY_CHARACTERS = 65_000;

/** Undefined while nothing is known of the pull request. */
export function planReport(state: ReportState): PlannedReport | undefined {
  const head = judgeHead(state);
  if (head === undefined) return undefined;
  return {
    name: state.reportName,
    headSha: head.sha,
    check: planCheck(state, head),
    comment: isWorthAComment(state, head) ? renderComment(state, head) : undefined,
    settled: head.verdict.kind !== 'waiting' && state.deliveries.every(isFinished),
  };
}

function isFinished({ state }: Delivery): boolean {
  return state !== 'pending' && state !== 'claimed';
}

/** People who are to do something are told; that nothing had to be done is no news. */
function isWorthAComment(state: ReportState, { verdict }: Head): boolean {
  if (state.hasComment) return true;
  if (state.deliveries.some(({ outcome }) => parseDeliveryOutcome(outcome)?.kind === 'commands')) return true;
  if (verdict.kind === 'nothing') return ['fork', 'dependency', 'broken'].includes(verdict.reason);
  return verdict.kind === 'runs';
}

function planCheck(state: ReportState, { sha, verdict }: Head): PlannedCheck {
  if (verdict.kind === 'runs') return planCheckOfRuns(state, verdict);
  if (verdict.kind === 'waiting') {
    return {
      status: 'queued',
      title: 'Preparing the run',
      summary: 'The run is being made.',
      annotations: [],
    };
  }
  const { conclusion, title, text } = explainNothing(verdict.reason, verdict.detail, sha);
  return {
    status: 'completed',
    conclusion,
    title,
    summary: text === '' ? `${title}.` : text,
    annotations: [],
  };
}

function planCheckOfRuns(state: ReportState, { runs }: Extract<HeadVerdict, { kind: 'runs' }>): PlannedCheck {
  const { ahead, publicUrl, repository } = state;
  const judged = judgeRuns(runs);
  const sections = runs.flatMap((run) => renderRunSections(run, state));
  return {
    ...judged,
    title: titleOfRuns(runs, ahead),
    summary: fitSections(sections, MAX_SUMMARY_CHARACTERS),
    ...linkTo(runs, publicUrl),
    annotations: judged.status === 'completed' ? planAnnotations(runs, repository) : [],
  };
}

/** To the run that most needs a look. */
function linkTo(runs: readonly RunWithEvidence[], publicUrl: string | undefined): { detailsUrl?: string } {
  const run = runs.find(({ state }) => state === 'failed') ?? runs[0];
  return run === undefined || publicUrl === undefined ? {} : { detailsUrl: runUrl(run, publicUrl) };
}
