/** findClashes: programs that want to be the Deployment of one name in one namespace. Pure. */

import { parseGitRepository, type Team } from '@tekton-dag/model';
import type { Conflict, LoadedStack, LoadedTeam } from './conflict.ts';

/** The namespace of a team's apps that name none. */
export type DefaultNamespaceOf = (team: Team) => string;

/** As Argo CD names the cluster that it runs in; teams that name none are there too. */
const OWN_CLUSTER = 'in-cluster';

/** At the name of the app that comes second; one program in two stacks is no clash. */
export function findClashes(
  loaded: readonly LoadedTeam[],
  stacks: ReadonlyMap<string, LoadedStack>,
  defaultNamespaceOf: DefaultNamespaceOf,
): readonly Conflict[] {
  const tenants = tenantsOf(loaded, stacks, defaultNamespaceOf);
  return [...tenants.values()].flatMap(({ namespace, entries }) =>
    entries.size > 1 ? clashesIn(namespace, entries) : [],
  );
}

interface Tenants {
  readonly namespace: string;
  /** Stacks with apps there, and whether those that name no namespace are among them. */
  readonly entries: Map<LoadedStack, boolean>;
}

/** The stacks with apps in a namespace, for each; most are alone there, and names are unique within a stack. */
function tenantsOf(
  loaded: readonly LoadedTeam[],
  stacks: ReadonlyMap<string, LoadedStack>,
  defaultNamespaceOf: DefaultNamespaceOf,
): ReadonlyMap<string, Tenants> {
  const tenants = new Map<string, Tenants>();
  for (const { team } of loaded) {
    const fallback = defaultNamespaceOf(team);
    for (const entry of team.stacks.flatMap((file) => stacks.get(file) ?? [])) {
      for (const namespace of new Set(entry.stack.apps.map((app) => app.namespace ?? fallback))) {
        const place = `${team.cluster ?? OWN_CLUSTER} ${namespace}`;
        const known = tenants.get(place) ?? { namespace, entries: new Map<LoadedStack, boolean>() };
        known.entries.set(entry, known.entries.get(entry) === true || namespace === fallback);
        tenants.set(place, known);
      }
    }
  }
  return tenants;
}

function clashesIn(namespace: string, entries: ReadonlyMap<LoadedStack, boolean>): readonly Conflict[] {
  const first = new Map<string, { readonly repo: string; readonly path: string }>();
  return [...entries].flatMap(([{ path, stack }, hasUnnamed]) =>
    stack.apps.flatMap((app, index): readonly Conflict[] => {
      const isHere = app.namespace === undefined ? hasUnnamed : app.namespace === namespace;
      if (!isHere) return [];
      const taken = first.get(app.name);
      if (taken === undefined) first.set(app.name, { repo: app.repo, path });
      if (taken === undefined || isSameRepository(taken.repo, app.repo)) return [];
      return [clash(path, index, app.name, { ...taken, namespace })];
    }),
  );
}

function clash(
  file: string,
  index: number,
  app: string,
  taken: { readonly repo: string; readonly path: string; readonly namespace: string },
): Conflict {
  return {
    file,
    at: ['apps', index, 'name'],
    message: `${app} in namespace ${taken.namespace} is also ${taken.repo} of ${taken.path}: they overwrite each other`,
    hint: 'give one of them another name or namespace',
    code: 'shared-namespace',
    severity: 'error',
  };
}

function isSameRepository(a: string, b: string): boolean {
  if (a === b) return true;
  const [left, right] = [parseGitRepository(a), parseGitRepository(b)];
  return left.ok && right.ok && left.value.fullName.toLowerCase() === right.value.fullName.toLowerCase();
}
