/** A caller of the API, and what it may do. */

import { includesRole, type Role } from './role.ts';

/** Stands for every team, those to come included. */
export const ALL_TEAMS = '*';

export interface Caller {
  /** Unique over all kinds of tokens, e.g. `oidc/jane`; for the audit log. */
  readonly name: string;
  /** Team, or `*`, to role. */
  readonly access: ReadonlyMap<string, Role>;
}

/** True when the caller has at least `role` in `team`. */
export function mayIn(caller: Caller, team: string, role: Role): boolean {
  return includesRole(caller.access.get(ALL_TEAMS), role) || includesRole(caller.access.get(team), role);
}

/** True when the caller has at least `role` in all teams. */
export function mayEverywhere(caller: Caller, role: Role): boolean {
  return includesRole(caller.access.get(ALL_TEAMS), role);
}

/** True when the caller has at least `role` in any team. */
export function mayAnywhere(caller: Caller, role: Role): boolean {
  return [...caller.access.values()].some((held) => includesRole(held, role));
}

/** The teams that the caller may see; undefined means all of them. */
export function visibleTeams(caller: Caller): readonly string[] | undefined {
  return caller.access.has(ALL_TEAMS) ? undefined : [...caller.access.keys()];
}
