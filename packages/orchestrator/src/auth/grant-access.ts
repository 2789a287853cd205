/** grantAccess: what an identity may do, by the teams' files and the service's own settings. Pure. */

import type { Team } from '@tekton-dag/model';
import { ALL_TEAMS, type Caller } from './caller.ts';
import type { Identity } from './identity.ts';
import { strongerRole, type Role } from './role.ts';

export interface AccessRules {
  /** Users and groups that are admin of everything. */
  readonly adminUsers: readonly string[];
  readonly adminGroups: readonly string[];
  readonly teams: Iterable<Pick<Team, 'name' | 'access'>>;
}

/** A caller without any access is known, and may do nothing. */
export function grantAccess(identity: Identity, rules: AccessRules): Caller {
  const access = new Map<string, Role>();
  if (matches(identity, { users: rules.adminUsers, groups: rules.adminGroups }))
    access.set(ALL_TEAMS, 'admin');
  for (const team of rules.teams) {
    for (const rule of team.access.filter((candidate) => matches(identity, candidate))) {
      access.set(team.name, strongerRole(access.get(team.name), rule.role));
    }
  }
  return { name: `${identity.source}/${identity.user}`, access };
}

function matches(
  { user, groups }: Identity,
  rule: { readonly users: readonly string[]; readonly groups: readonly string[] },
): boolean {
  return rule.users.includes(user) || rule.groups.some((group) => groups.includes(group));
}
