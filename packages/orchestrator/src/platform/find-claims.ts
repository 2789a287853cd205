/** findClaims: apps that two teams claim, so that each pull request would be tested twice. Pure. */

import { wordsOfRule, type App } from '@tekton-dag/model';
import type { Conflict, LoadedStack, LoadedTeam } from './conflict.ts';

/**
 * A claim is a forge's host, a repository and the name of an app, whatever their stacks and clusters. The first team has
 * it; each stack of another team that has such apps is told once, for the first of them.
 */
export function findClaims(
  loaded: readonly LoadedTeam[],
  stacks: ReadonlyMap<string, LoadedStack>,
): readonly Conflict[] {
  const owners = new Map<string, string>();
  return loaded.flatMap(({ path, team }) =>
    team.stacks.flatMap((stackFile, index): readonly Conflict[] => {
      const apps = stacks.get(stackFile)?.stack.apps ?? [];
      const taken = apps.flatMap((app) => {
        const other = ownerOf(owners, claimOf(app, team.host), team.name);
        return other === team.name ? [] : [{ repository: app.repo, app: app.name, other }];
      });
      const [first] = taken;
      if (first === undefined) return [];
      const words = wordsOfRule('claimedTwice', first);
      return [{ file: path, at: ['stacks', index], ...words, severity: 'error' }];
    }),
  );
}

/** The team that claimed it first: `team` where nobody did. */
function ownerOf(owners: Map<string, string>, claim: string, team: string): string {
  const owner = owners.get(claim);
  if (owner === undefined) owners.set(claim, team);
  return owner ?? team;
}

/** Forges do not tell names by their case. */
function claimOf({ name, repo }: App, host: string): string {
  const hasHost = repo.indexOf('/') !== repo.lastIndexOf('/');
  return `${(hasHost ? repo : `${host}/${repo}`).toLowerCase()} ${name}`;
}
