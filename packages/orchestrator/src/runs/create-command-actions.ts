/** createCommandActions: what commands in comments ask of the runs. */

import type { RunWithEvidence } from '@tekton-dag/store';
import type { ActionResult, CommandActions, TestWish } from '../commands/command-actions.ts';
import type { DecidedTarget, RunTarget } from '../deliveries/decision.ts';
import { targetsOfPullRequest } from '../deliveries/targets-of-change.ts';
import { cancelSessions } from './cancel-session.ts';
import { countAttempts } from './count-attempts.ts';
import { rerunRun } from './rerun-run.ts';
import type { RunContext } from './run-context.ts';
import { testChange } from './test-change.ts';

/** What the cluster or the forge refuses is tried again for so long after the comment was written. */
const PATIENCE_MS = 10 * 60_000;

export function createCommandActions(context: RunContext): CommandActions {
  return {
    test: (wish) => testTargets(context, wish, targetsOf(context, wish)),
    retest: (wish) => retest(context, wish),
    cancel: async (change) => {
      const run = { mode: 'pr', sha: change.headSha, attempt: 1 } as const;
      return await cancelSessions(
        context.client,
        targetsOfPullRequest(context.snapshot().routes, change, run),
        [],
      );
    },
  };
}

function targetsOf({ snapshot }: RunContext, { change, attempt, target }: TestWish): readonly RunTarget[] {
  const all = targetsOfPullRequest(snapshot().routes, change, { mode: 'pr', sha: change.headSha, attempt });
  if (target === undefined) return all;
  return all.filter(({ team, stack }) => team === target.team && stack === target.stack);
}

async function testTargets(
  context: RunContext,
  wish: TestWish,
  targets: readonly RunTarget[],
): Promise<ActionResult> {
  if (targets.length === 0) return refused('no team tests this repository with this base branch');
  const { change, trusted, delivery } = wish;
  const outcome = await testChange(context, {
    change,
    sha: change.headSha,
    targets,
    trusted,
    delivery,
    isFirst: false,
    attempt: await countAttempts(context.store, { change, sha: change.headSha }),
    patientUntilMs: wish.attempt * 1_000 + PATIENCE_MS,
  });
  if (outcome.kind === 'skipped') return refused(outcome.detail);
  if (outcome.kind !== 'runs') return refused('nothing was started');
  const names = outcome.runs.map(({ name }) => name);
  return names.length > 0
    ? { kind: 'started', runs: names }
    : refused(outcome.skipped.map(({ detail }) => detail).join('; '));
}

/** Each target by its newest run of the head: what failed is continued, what cannot be is tested from the start. */
async function retest(context: RunContext, wish: TestWish): Promise<ActionResult> {
  const runs = await listTestRuns(context, wish);
  const continued: string[] = [];
  const whole: RunTarget[] = [];
  for (const target of targetsOf(context, wish)) {
    const last = newestOf(runs, target, wish.delivery);
    if (last !== undefined && !hasFailed(last)) continue;
    const name = await continueRun(context, wish, last);
    if (name === undefined) whole.push(target);
    else continued.push(name);
  }
  if (whole.length > 0) return joinResults(continued, await testTargets(context, wish, whole));
  return continued.length > 0
    ? { kind: 'started', runs: continued }
    : refused('nothing has failed that could run again');
}

function joinResults(continued: readonly string[], tested: ActionResult): ActionResult {
  if (continued.length === 0) return tested;
  return { kind: 'started', runs: [...continued, ...(tested.kind === 'started' ? tested.runs : [])] };
}

async function listTestRuns(
  { store }: RunContext,
  { change }: TestWish,
): Promise<readonly RunWithEvidence[]> {
  const { repository, pullRequest, headSha } = change;
  const runs = await store.runs.listOfPullRequest({ repository, pullRequest });
  return runs.filter(({ mode, sha }) => (mode === 'pr' || mode === 'continue') && sha === headSha);
}

function hasFailed({ state }: RunWithEvidence): boolean {
  return state === 'failed' || state === 'cancelled';
}

/** Without the run that this very command has made, when it is carried out once more. */
function newestOf(
  runs: readonly RunWithEvidence[],
  { team, stack }: DecidedTarget,
  delivery: string,
): RunWithEvidence | undefined {
  return runs.find((run) => run.team === team && run.stack === stack && run.delivery !== delivery);
}

/** Undefined when there is nothing to continue, or it cannot be continued. */
async function continueRun(
  context: RunContext,
  { attempt, delivery }: TestWish,
  last: RunWithEvidence | undefined,
): Promise<string | undefined> {
  if (last === undefined) return undefined;
  const { namespace, name } = last;
  const again = await rerunRun(context, { namespace, name }, { from: 'failed', attempt, delivery });
  return again.ok ? again.value.name : undefined;
}

function refused(reason: string): ActionResult {
  return { kind: 'refused', reason };
}
