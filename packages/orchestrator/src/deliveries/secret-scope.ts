/** SecretScope: which repositories a webhook secret, or a hook, may speak for. */

import type { HookScope } from '../forge/forge-client.ts';
import type { EventOrigin, ForgeEvent } from '../forge/forge-event.ts';
import type { RouteTable } from '../routing/route-table.ts';

/** A secret without a name is the operator's own. */
export type SecretScope =
  | { readonly kind: 'all' }
  | { readonly kind: 'team'; readonly team: string }
  | { readonly kind: 'organization'; readonly owner: string }
  | { readonly kind: 'repository'; readonly repository: string };

/** A name that is a team's is that team's; any other is an organization (or user) of the forge. */
export function secretScopeOf(name: string, teams: { has(team: string): boolean }): SecretScope {
  if (name === '') return { kind: 'all' };
  return teams.has(name) ? { kind: 'team', team: name } : { kind: 'organization', owner: name.toLowerCase() };
}

/** What a hook of the forge may speak for. */
export function hookScopeOf({ repository, organization }: HookScope): SecretScope {
  if (repository !== undefined) return { kind: 'repository', repository: repository.toLowerCase() };
  if (organization === undefined) return { kind: 'all' };
  return { kind: 'organization', owner: organization.toLowerCase() };
}

/** The routes that a delivery in this scope can take. */
export function routesInScope(scope: SecretScope, routes: RouteTable): RouteTable {
  if (scope.kind !== 'team') return routes;
  const { team: wanted } = scope;
  return {
    find: (host, repository) => routes.find(host, repository).filter(({ team }) => team.name === wanted),
  };
}

/** Whether the event is about a repository that the secret does not speak for. `routes` are those in scope. */
export function isOutsideScope(scope: SecretScope, event: ForgeEvent, routes: RouteTable): boolean {
  const origin = originOfEvent(event);
  if (scope.kind === 'all' || origin === undefined) return false;
  if (scope.kind === 'team') return routes.find(origin.host, origin.repository).length === 0;
  const repository = origin.repository.toLowerCase();
  if (scope.kind === 'repository') return repository !== scope.repository;
  return repository.split('/')[0] !== scope.owner;
}

/** The repository that an event is about; undefined where it names none, as a ping of an organization's hook. */
export function originOfEvent(event: ForgeEvent): EventOrigin | undefined {
  if (event.kind === 'ignored') return event.origin;
  if (event.kind === 'command') return event.command;
  return event.kind === 'push' ? event.push : event.change;
}
