/** What is derived for the targets of a pull request: sessions and names of runs, always the same for the same change. */

import { runNameOf, sessionOf } from '@tekton-dag/model';
import type { Change } from '../forge/change.ts';
import type { RouteTable } from '../routing/route-table.ts';
import type { Target } from '../routing/target.ts';
import type { DecidedTarget, RunTarget } from './decision.ts';

/** The pull request alone, which is all that a session is made of. */
export type PullRequestKey = Pick<Change, 'host' | 'repository' | 'pullRequest'>;

export interface WantedRun {
  readonly mode: 'pr' | 'merge';
  readonly sha: string;
  /** Counts from 1; the same commit again takes another. */
  readonly attempt: number;
}

export function decidedTargetOf(
  { team, stack, stackFile, apps }: Target,
  key: PullRequestKey,
): DecidedTarget {
  const { host, repository, pullRequest } = key;
  return {
    team: team.name,
    namespace: team.namespace,
    stack: stack.name,
    stackFile,
    apps,
    session: sessionOf({ host, repository, pullRequest, team: team.name, stack: stack.name }),
  };
}

export function runTargetOf(target: Target, key: PullRequestKey, run: WantedRun): RunTarget {
  const { repository, pullRequest } = key;
  const { team, stack, apps } = target;
  const subject = { team: team.name, stack: stack.name, app: apps.join(','), repository, pullRequest };
  return { ...decidedTargetOf(target, key), runName: runNameOf({ ...run, ...subject }) };
}

/** The targets of a pull request as the routes are now, each with the name of its run; only of teams that take its base branch. */
export function targetsOfPullRequest(
  routes: RouteTable,
  change: PullRequestKey & Pick<Change, 'baseRef'>,
  run: WantedRun,
): readonly RunTarget[] {
  return routes
    .find(change.host, change.repository)
    .filter(({ team }) => team.baseBranches.includes(change.baseRef))
    .map((target) => runTargetOf(target, change, run));
}
