/** Finds the team and the stack that a caller of the API means; a pure function of what is loaded. */

import { err, ok, type Result, type Stack, type Team } from '@tekton-dag/model';
import type { PlatformSnapshot } from '../platform/platform-snapshot.ts';

export interface RunTargetQuery {
  readonly team?: string | undefined;
  readonly stackFile?: string | undefined;
  /** Apps that must all be in the stack. */
  readonly apps?: readonly string[];
}

export interface ResolvedRunTarget {
  readonly team: Team;
  readonly stack: Stack;
  readonly stackFile: string;
}

/** `not-found` and `ambiguous` name what was asked and, where it helps, what there is. */
export interface RunTargetFailure {
  readonly reason: 'not-found' | 'ambiguous';
  readonly message: string;
}

/** What is loaded, as far as it matters here. */
export type RunTargetPlatform = Pick<PlatformSnapshot, 'teams' | 'stacks'> &
  Partial<Pick<PlatformSnapshot, 'homeStacks'>>;

/** What the query leaves open is filled in when only one (team, stack) fits. */
export function resolveRunTarget(
  { teams, stacks, homeStacks = new Map() }: RunTargetPlatform,
  query: RunTargetQuery,
): Result<ResolvedRunTarget, RunTargetFailure> {
  const all = [...teams.values()].flatMap((team) =>
    team.stacks.flatMap((stackFile) => {
      const stack = stacks.get(stackFile);
      return stack === undefined ? [] : [{ team, stack, stackFile }];
    }),
  );
  const found = all.filter((target) => fits(target, query) && isAtHome(target, query, homeStacks));
  const [only] = found;
  if (only === undefined) return err({ reason: 'not-found', message: `no team has ${describeQuery(query)}` });
  if (found.length === 1) return ok(only);
  const choices = found.map(({ team, stackFile }) => `${team.name}: ${stackFile}`).join(', ');
  return err({
    reason: 'ambiguous',
    message: `${describeQuery(query)} could be ${choices}; say team and stack_file`,
  });
}

function fits({ team, stack, stackFile }: ResolvedRunTarget, query: RunTargetQuery): boolean {
  return (
    (query.team === undefined || query.team === team.name) &&
    (query.stackFile === undefined || query.stackFile === stackFile) &&
    (query.apps ?? []).every((app) => stack.apps.some(({ name }) => name === app))
  );
}

/** Where an app is in several stacks, and the registry says which is its own, only a caller who names another one gets it. */
function isAtHome(
  { stackFile }: ResolvedRunTarget,
  query: RunTargetQuery,
  homeStacks: ReadonlyMap<string, string>,
): boolean {
  if (query.stackFile !== undefined) return true;
  return (query.apps ?? []).every((app) => (homeStacks.get(app) ?? stackFile) === stackFile);
}

function describeQuery({ team, stackFile, apps = [] }: RunTargetQuery): string {
  const parts = [
    stackFile === undefined ? 'a stack' : `stack ${JSON.stringify(stackFile)}`,
    apps.length === 0 ? '' : ` with app ${apps.map((app) => JSON.stringify(app)).join(' and ')}`,
    team === undefined ? '' : ` of team ${JSON.stringify(team)}`,
  ];
  return parts.join('');
}
