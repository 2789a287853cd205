/** Decides what a forge's event leads to: a pure function of the event and the routes. */

import { runNameOf, sessionOf } from '@tekton-dag/model';
import type { Change } from '../forge/change.ts';
import type { ForgeEvent } from '../forge/forge-event.ts';
import type { RouteTable } from '../routing/route-table.ts';
import type { Target } from '../routing/target.ts';
import type { DecidedTarget, Decision, RunTarget } from './decision.ts';

type ChangeEvent = Exclude<ForgeEvent, { kind: 'ignored' }>;

export function decide(event: ForgeEvent, routes: RouteTable): Decision {
  if (event.kind === 'ignored') return event;
  const { change } = event;
  const known = routes.find(change.host, change.repository);
  if (known.length === 0) {
    return { kind: 'ignored', reason: 'unknown-repository', detail: `${change.host}/${change.repository}` };
  }
  const targets = known.filter(({ team }) => team.baseBranches.includes(change.baseRef));
  if (targets.length === 0) return { kind: 'ignored', reason: 'base-branch', detail: change.baseRef };
  return decideForTargets(event, targets);
}

function decideForTargets(event: ChangeEvent, targets: readonly Target[]): Decision {
  const { change } = event;
  if (event.kind === 'closed') {
    return { kind: 'close', change, targets: targets.map((target) => toDecidedTarget(target, change)) };
  }
  if (event.kind === 'merged') {
    const run = { mode: 'merge', sha: event.mergeSha, attempt: 1 } as const;
    const releases = targets.map((target) => toRunTarget(target, change, run));
    return { kind: 'release', change, sha: run.sha, targets: releases };
  }
  // A fork's code must not run with our credentials until a maintainer has read it.
  if (change.fromFork)
    return { kind: 'ignored', reason: 'fork', detail: 'a maintainer has to allow it first' };
  const run = { mode: 'pr', sha: change.headSha, attempt: attemptOf(event) } as const;
  return {
    kind: 'test',
    change,
    sha: run.sha,
    targets: targets.map((target) => toRunTarget(target, change, run)),
  };
}

/**
 * Two deliveries of one event must give one name. A pull request that is reopened, or pushed back to an earlier
 * commit, is a new event on an old commit: its time makes the name new.
 */
function attemptOf({ action, change }: ChangeEvent): number {
  return action === 'opened' ? 1 : Math.max(2, Math.floor(change.updatedAtMs / 1_000));
}

function toRunTarget(
  target: Target,
  change: Change,
  run: { readonly mode: 'pr' | 'merge'; readonly sha: string; readonly attempt: number },
): RunTarget {
  const { repository, pullRequest } = change;
  const { team, stack, app } = target;
  const runName = runNameOf({ ...run, team: team.name, stack: stack.name, app, repository, pullRequest });
  return { ...toDecidedTarget(target, change), runName };
}

function toDecidedTarget({ team, stack, stackFile, app }: Target, change: Change): DecidedTarget {
  const { host, repository, pullRequest } = change;
  return {
    team: team.name,
    namespace: team.namespace,
    stack: stack.name,
    stackFile,
    app,
    session: sessionOf({ host, repository, pullRequest, team: team.name, stack: stack.name }),
  };
}
