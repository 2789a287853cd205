/** resolveScope: the (team, stack) whose graph a caller means; a pure function of what the caller may see. */

import { err, ok, type Result, type Stack, type Team } from '@tekton-dag/model';
import type { TestPlanScope } from '@tekton-dag/store';

export interface ScopeQuery {
  readonly team?: string | undefined;
  readonly stackFile?: string | undefined;
  /** Names that traces or a question hold; a stack that has them as apps is preferred. */
  readonly services: readonly string[];
}

export interface ScopeFailure {
  readonly reason: 'not-found' | 'ambiguous';
  readonly message: string;
}

interface Platform {
  readonly teams: ReadonlyMap<string, Team>;
  readonly stacks: ReadonlyMap<string, Stack>;
}

interface Candidate extends TestPlanScope {
  readonly file: string;
  readonly apps: ReadonlySet<string>;
}

/** What the query leaves open is filled in when one stack has all the services, or else any, or else is the only one. */
export function resolveScope(platform: Platform, query: ScopeQuery): Result<TestPlanScope, ScopeFailure> {
  const all = scopesOf(platform, query);
  if (all.length === 0) return err({ reason: 'not-found', message: 'there is no such team or stack' });
  const best = preferStacksOf(query.services, all);
  const only = best.length === 1 ? best[0] : undefined;
  if (only !== undefined) return ok({ team: only.team, stack: only.stack });
  const choices = best.slice(0, 10).map(({ team, file }) => `${team}: ${file}`);
  return err({
    reason: 'ambiguous',
    message: `it could be ${choices.join(', ')}; say team and stack_file`,
  });
}

/** Those that have all the services as apps; failing that, those that have any; failing that, all. */
function preferStacksOf(services: readonly string[], all: readonly Candidate[]): readonly Candidate[] {
  const full = all.filter(({ apps }) => services.every((name) => apps.has(name)));
  if (full.length > 0) return full;
  const partial = all.filter(({ apps }) => services.some((name) => apps.has(name)));
  return partial.length > 0 ? partial : all;
}

/** The graphs that the query may mean, by team and stack. */
export function scopesOf(
  { teams, stacks }: Platform,
  query: Pick<ScopeQuery, 'team' | 'stackFile'>,
): readonly Candidate[] {
  const asked = [...teams.values()].filter(({ name }) => query.team === undefined || query.team === name);
  return asked.flatMap((team) =>
    team.stacks
      .filter((file) => query.stackFile === undefined || query.stackFile === file)
      .flatMap((file) => {
        const stack = stacks.get(file);
        if (stack === undefined) return [];
        return [
          { team: team.name, stack: stack.name, file, apps: new Set(stack.apps.map(({ name }) => name)) },
        ];
      }),
  );
}
