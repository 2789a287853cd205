/** renderComment: the one comment on a pull request. Pure. */

import type { Delivery, RunWithEvidence } from '@tekton-dag/store';
import { parseDeliveryOutcome } from '../deliveries/delivery-outcome.ts';
import type { CommandOutcome } from '../commands/command-outcome.ts';
import { explainNothing } from './explain-nothing.ts';
import { fitSections } from './fit-sections.ts';
import type { Head, HeadVerdict } from './judge-head.ts';
import { codeSpan } from './markdown-code.ts';
import { renderDuration } from './render-duration.ts';
import { describeState, renderRunName, renderRunSections } from './render-run.ts';
import type { ReportState } from './report-state.ts';
import { titleOfRuns } from './title-of-runs.ts';

/** GitHub takes 65,536 characters; what stands around the sections needs some. */
const MAX_COMMENT_CHARACTERS = 65_000;
/** Replies come first when there is no room for everything. */
const MAX_COMMAND_CHARACTERS = 8_000;

/** By this the comment is found again; a pull request has one of each name. */
export function commentMarkerOf(reportName: string): string {
  return `<!-- ${reportName}:report -->`;
}

export function renderComment(state: ReportState, head: Head): string {
  const { sha, verdict } = head;
  const commands = fitSections(renderCommands(state.deliveries), MAX_COMMAND_CHARACTERS);
  const sections = [
    commentMarkerOf(state.reportName),
    `### ${state.reportName}: ${titleOf(state, head)}`,
    `Commit \`${sha}\`.`,
    ...renderVerdict(state, head),
    ...(verdict.kind === 'runs' ? renderSkipped(verdict) : []),
    renderReleases(state),
  ];
  const footer = '<sub>This comment is kept up to date. `/help` shows what may be said here.</sub>';
  const room = MAX_COMMENT_CHARACTERS - commands.length - footer.length;
  return [fitSections(sections, room), commands, footer].filter((part) => part !== '').join('\n\n');
}

function titleOf({ ahead }: ReportState, { sha, verdict }: Head): string {
  if (verdict.kind === 'runs') return titleOfRuns(verdict.runs, ahead);
  if (verdict.kind === 'waiting') return 'Preparing the run';
  return explainNothing(verdict.reason, '', sha).title;
}

function renderVerdict(state: ReportState, { sha, verdict }: Head): readonly string[] {
  if (verdict.kind === 'waiting') return [];
  if (verdict.kind === 'nothing') return [explainNothing(verdict.reason, verdict.detail, sha).text];
  // Its place in the queue is the check's to tell: that changes often, and every change of a comment is a request.
  return verdict.runs.flatMap((run) => renderRunSections(run, { ...state, ahead: new Map() }));
}

function renderSkipped({ skipped, notes }: Extract<HeadVerdict, { kind: 'runs' }>): readonly string[] {
  const rows = skipped.map(
    ({ team, stack, reason, detail }) =>
      `- ${codeSpan(`${team}/${stack}`)} is not tested (${reason}): ${codeSpan(detail, 400)}`,
  );
  return [rows.join('\n'), ...notes.map((note) => `Note: ${codeSpan(note, 400)}`)];
}

function renderReleases({ runs, publicUrl }: ReportState): string {
  const releases = runs.filter(({ mode }) => mode === 'merge');
  return releases.map((run) => `Release ${renderRelease(run, publicUrl)}`).join('\n\n');
}

function renderRelease(run: RunWithEvidence, publicUrl: string | undefined): string {
  const { startedAtMs, finishedAtMs } = run;
  const took =
    startedAtMs === undefined || finishedAtMs === undefined
      ? ''
      : `, took ${renderDuration(finishedAtMs - startedAtMs)}`;
  return `${renderRunName(run, publicUrl)} of \`${run.team}/${run.stack}\`: ${describeState(run)}${took}`;
}

/** Of the last comment that held commands; answers to older ones were shown in their time. */
function renderCommands(deliveries: readonly Delivery[]): readonly string[] {
  for (const { outcome } of deliveries) {
    const parsed = parseDeliveryOutcome(outcome);
    if (parsed?.kind === 'commands') return renderAnswers(parsed);
  }
  return [];
}

function renderAnswers({ by, answers }: CommandOutcome): readonly string[] {
  return [
    `---\n\nLast command, of ${codeSpan(by)}:`,
    ...answers.map(
      ({ text, accepted, reply }) => `${codeSpan(text)} ${accepted ? 'done' : 'not done'}: ${asBlock(reply)}`,
    ),
  ];
}

/** A table must begin on a line of its own. */
function asBlock(reply: string): string {
  return reply.startsWith('|') ? `\n\n${reply}` : reply;
}
