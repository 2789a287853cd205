/** renderRunSections: what one run has shown, as blocks of Markdown. Pure. */

import { describeProvenance, parseRunProvenance } from '@tekton-dag/model';
import type { RunWithEvidence } from '@tekton-dag/store';
import { codeBlock, codeSpan } from './markdown-code.ts';
import { renderDuration } from './render-duration.ts';
import { lostEdges } from './lost-edges.ts';
import type { ReportState, SessionHeader } from './report-state.ts';
import { parseRunEvidence, type RunEvidence } from './run-evidence.ts';

export type RunSectionOptions = Pick<ReportState, 'publicUrl' | 'ahead' | 'sessions'>;

const MAX_SHOWN_FAILURES = 20;
const MAX_SHOWN_MESSAGE = 600;

/** Each block stands alone; the first names the run. */
export function renderRunSections(run: RunWithEvidence, options: RunSectionOptions): readonly string[] {
  const evidence = parseRunEvidence(run.evidence);
  const title = `#### \`${run.team}/${run.stack}\`: ${describeState(run, options.ahead.get(run.name))}`;
  return [
    title,
    renderFacts(run, options),
    renderByHand(options.sessions.get(run.name)),
    ...(evidence === undefined ? [] : renderEvidence(run, evidence)),
  ];
}

export function describeState({ state }: Pick<RunWithEvidence, 'state'>, ahead?: number): string {
  if (state === 'running') return 'running';
  if (state !== 'pending') return state;
  if (ahead === undefined) return 'waits for a slot';
  return ahead === 0 ? 'waits for a slot, as the next' : `waits for a slot, ${ahead} before it`;
}

/** The run by name, as a link where it can be seen. */
export function renderRunName(
  run: Pick<RunWithEvidence, 'namespace' | 'name'>,
  publicUrl: string | undefined,
): string {
  const name = codeSpan(run.name);
  return publicUrl === undefined ? name : `[${name}](${runUrl(run, publicUrl)})`;
}

export function runUrl(
  { namespace, name }: Pick<RunWithEvidence, 'namespace' | 'name'>,
  publicUrl: string,
): string {
  return `${publicUrl}/runs/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
}

function renderFacts(run: RunWithEvidence, { publicUrl }: RunSectionOptions): string {
  const apps = run.apps.map((app) => codeSpan(app)).join(', ');
  const facts = [
    `run ${renderRunName(run, publicUrl)}`,
    apps === '' ? '' : `of ${apps}`,
    tookMs(run) === undefined ? '' : `took ${renderDuration(tookMs(run) ?? 0)}`,
    run.reason === 'PipelineRunTimeout' ? 'ran out of time' : '',
    renderProvenance(run),
  ];
  return facts.filter((fact) => fact !== '').join(', ');
}

/** `made of platform 4f2a..., catalog 90ab...`. */
function renderProvenance({ provenance }: RunWithEvidence): string {
  const parsed = parseRunProvenance(provenance);
  const text = parsed.ok ? describeProvenance(parsed.value) : '';
  return text === '' ? '' : `made of ${text}`;
}

function tookMs({ startedAtMs, finishedAtMs }: RunWithEvidence): number | undefined {
  return startedAtMs === undefined || finishedAtMs === undefined ? undefined : finishedAtMs - startedAtMs;
}

function renderEvidence(run: RunWithEvidence, evidence: RunEvidence): readonly string[] {
  return [
    ...renderLostEdges(evidence),
    ...renderAppFailures(evidence),
    ...renderTestFailures(evidence),
    ...(run.state === 'failed' && !isExplained(evidence) ? renderFailedTasks(evidence) : []),
    renderTests(evidence),
    renderDetails(evidence),
  ];
}

function renderFailedTasks({ failedTasks, message }: RunEvidence): readonly string[] {
  if (failedTasks.length === 0) return message === '' ? [] : [codeBlock(message, MAX_SHOWN_MESSAGE)];
  return failedTasks.map(
    ({ task, app, message: said }) =>
      `**Task ${codeSpan(task)}${app === '' ? '' : ` of ${codeSpan(app)}`} failed**: ${codeSpan(said, 400)}`,
  );
}

function isExplained(evidence: RunEvidence): boolean {
  const { appFailures, tests } = evidence;
  const failed = tests.some(({ outcome }) => outcome === 'failed');
  return lostEdges(evidence).length > 0 || appFailures.length > 0 || failed;
}

function renderLostEdges(evidence: RunEvidence): readonly string[] {
  return lostEdges(evidence).map(
    ({ caller, callee, detail }) =>
      `**The session was lost from ${codeSpan(caller)} to ${codeSpan(callee)}**: ${codeSpan(detail, 400)}`,
  );
}

function renderAppFailures({ appFailures }: RunEvidence): readonly string[] {
  return appFailures.map(({ app, detail }) => `**${codeSpan(app)}**: ${codeSpan(detail, 400)}`);
}

function renderTestFailures({ testFailures, tests }: RunEvidence): readonly string[] {
  const silent = tests.filter(
    ({ app, outcome, detail }) =>
      outcome === 'failed' && detail !== '' && !testFailures.some((failure) => failure.app === app),
  );
  const more = testFailures.length - MAX_SHOWN_FAILURES;
  return [
    ...silent.map(
      ({ app, program, detail }) =>
        `**Tests of ${codeSpan(app)}** (${codeSpan(program)}): ${codeSpan(detail, 400)}`,
    ),
    ...testFailures.slice(0, MAX_SHOWN_FAILURES).map(renderTestFailure),
    more > 0 ? `and ${more} more that failed` : '',
  ];
}

function renderTestFailure({ app, suite, name, message }: RunEvidence['testFailures'][number]): string {
  const what = [suite, name].filter((part) => part !== '').join(': ');
  const title = `**Test of ${codeSpan(app)} failed**: ${codeSpan(what)}`;
  return message === '' ? title : `${title}\n\n${codeBlock(message, MAX_SHOWN_MESSAGE)}`;
}

function renderTests({ tests }: RunEvidence): string {
  if (tests.length === 0) return '';
  const rows = tests.map(
    ({ app, program, outcome, tests: count, failures, durationMs }) =>
      `| ${codeSpan(app)} | ${codeSpan(program)} | ${outcome} | ${count} | ${failures} | ${renderDuration(durationMs)} |`,
  );
  return [
    '| tests of | with | outcome | tests | failed | took |',
    '| --- | --- | --- | ---: | ---: | ---: |',
    ...rows,
  ].join('\n');
}

function renderDetails({ images, edges }: RunEvidence): string {
  const built = images.map(
    ({ app, changed, reused }) =>
      `| ${codeSpan(app)} | ${changed ? 'yes' : 'no'} | ${reused ? 'reused' : 'built'} |`,
  );
  const proven = edges.map(
    ({ caller, callee, verdict }) =>
      `| ${codeSpan(caller)} | ${codeSpan(callee)} | ${verdict === 'passed' ? 'crossed' : 'not crossed'} |`,
  );
  const tables = [
    built.length === 0 ? '' : ['| app | changed | image |', '| --- | --- | --- |', ...built].join('\n'),
    proven.length === 0 ? '' : ['| from | to | session |', '| --- | --- | --- |', ...proven].join('\n'),
  ].filter((table) => table !== '');
  if (tables.length === 0) return '';
  return ['<details><summary>Images and edges</summary>', ...tables, '</details>'].join('\n\n');
}

function renderByHand(session: SessionHeader | undefined): string {
  if (session === undefined) return '';
  return `While it runs, requests with the header ${codeSpan(`${session.name}: ${session.value}`)} go through it.`;
}
