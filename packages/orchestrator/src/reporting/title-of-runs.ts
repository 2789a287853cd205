/** titleOfRuns: the one line that says how it stands. Pure; plain text. */

import type { RunWithEvidence } from '@tekton-dag/store';
import { judgeRuns } from './judge-runs.ts';
import { lostEdges } from './lost-edges.ts';
import { parseRunEvidence, type RunEvidence } from './run-evidence.ts';

export function titleOfRuns(runs: readonly RunWithEvidence[], ahead: ReadonlyMap<string, number>): string {
  const judged = judgeRuns(runs);
  if (judged.status !== 'completed') {
    return judged.status === 'queued' ? titleOfQueue(runs, ahead) : titleOfProgress(runs);
  }
  if (judged.conclusion === 'success') return titleOfSuccess(runs);
  if (judged.conclusion === 'cancelled') return 'Cancelled';
  return titleOfFailure(runs);
}

function titleOfQueue(runs: readonly RunWithEvidence[], ahead: ReadonlyMap<string, number>): string {
  const most = Math.max(...runs.map(({ name }) => ahead.get(name) ?? 0));
  return most === 0 ? 'Waiting for a slot' : `Waiting for a slot: ${countOf(most, 'run')} before it`;
}

function titleOfProgress(runs: readonly RunWithEvidence[]): string {
  if (runs.length === 1) return 'Testing';
  const ended = runs.filter(({ state }) => state !== 'pending' && state !== 'running').length;
  return `Testing: ${ended} of ${countOf(runs.length, 'stack')} done`;
}

function titleOfSuccess(runs: readonly RunWithEvidence[]): string {
  const evidence = runs.flatMap((run) => parseRunEvidence(run.evidence) ?? []);
  const tests = evidence.flatMap((each) => each.tests).reduce((sum, each) => sum + each.tests, 0);
  const edges = evidence.flatMap((each) => each.edges).length;
  const said = [
    tests === 0 ? '' : `${countOf(tests, 'test')} passed`,
    edges === 0 ? '' : `the session crossed ${countOf(edges, 'edge')}`,
  ].filter((part) => part !== '');
  return said.length === 0 ? 'Passed' : said.join(', ');
}

/** The first of what went wrong that a person can act on. */
function titleOfFailure(runs: readonly RunWithEvidence[]): string {
  const failed = runs.filter(({ state }) => state === 'failed');
  const evidence = failed.flatMap((run) => parseRunEvidence(run.evidence) ?? []);
  const [lost] = evidence.flatMap((each) => lostEdges(each));
  if (lost !== undefined) return `The session was lost from ${lost.caller} to ${lost.callee}`;
  const [app] = evidence.flatMap((each) => each.appFailures);
  if (app !== undefined) return `${app.app} was not reached as it should be`;
  const tests = evidence.flatMap((each) => each.tests);
  const failures = tests.reduce((sum, each) => sum + each.failures, 0);
  if (failures > 0) {
    const all = tests.reduce((sum, each) => sum + each.tests, 0);
    return `${failures} of ${countOf(all, 'test')} failed`;
  }
  if (tests.some(({ outcome }) => outcome === 'failed')) return 'The tests failed';
  return titleOfTasks(failed, evidence);
}

/** A build says for which app it was. */
function titleOfTasks(failed: readonly RunWithEvidence[], evidence: readonly RunEvidence[]): string {
  const tasks = evidence.flatMap(({ failedTasks }) => failedTasks);
  const task = tasks.find(({ app }) => app !== '') ?? tasks[0];
  if (task !== undefined) return `Task ${task.task}${task.app === '' ? '' : ` of ${task.app}`} failed`;
  return failed.length === 1 ? 'The run failed' : `${failed.length} runs failed`;
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
