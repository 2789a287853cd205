/** findContradictions: what team files and values of the chart say against each other, within a team and between releases. Pure. */

import { wordsOfRule, type Stack, type Team } from '@tekton-dag/model';
import { appsNamespacesOf } from './apps-namespaces.ts';
import { checkRelease, type Contradiction, type Release } from './check-release.ts';
import type { TeamFolder } from './team-folder.ts';

/** Folders whose files have problems of their own are left out. `stacks`: those that the teams list, by path. */
export function findContradictions(
  folders: readonly TeamFolder[],
  stacks: ReadonlyMap<string, Stack>,
): readonly Contradiction[] {
  const releases = folders.filter(isRelease);
  return [
    ...missingValues(folders),
    ...releases.flatMap(checkRelease),
    ...sharedNamespaces(releases),
    ...appsAtOthers(releases, stacks),
    ...sharedAccounts(releases, stacks),
    ...sharedWaysIn(releases),
  ];
}

function isRelease(folder: TeamFolder): folder is Release {
  return folder.team !== undefined && folder.values !== undefined;
}

/** Where teams are delivered by Helm, each folder is one: Argo CD refuses one without values.yaml. */
function missingValues(folders: readonly TeamFolder[]): readonly Contradiction[] {
  if (!folders.some(({ hasValues }) => hasValues)) return [];
  return folders
    .filter(({ hasValues }) => !hasValues)
    .map(({ name, teamPath }) => ({
      file: teamPath,
      at: [],
      code: 'no-values',
      message: `${JSON.stringify(name)} has no values.yaml, as other teams have`,
      hint: 'write one, if need be with {} alone',
      severity: 'error',
    }));
}

/** Tasks, Pipelines and their accounts have fixed names, and Argo CD gives a namespace to one team. */
function sharedNamespaces(releases: readonly Release[]): readonly Contradiction[] {
  return findShared(releases, ({ team }) => [team.namespace]).map(({ release, name: namespace, other }) => ({
    file: release.teamPath,
    at: ['namespace'],
    ...wordsOfRule('sharedNamespace', { namespace, other }),
    severity: 'error',
  }));
}

/** What a team deploys could do there whatever the other team's accounts may; its project in Argo CD refuses it. */
function appsAtOthers(
  releases: readonly Release[],
  stacks: ReadonlyMap<string, Stack>,
): readonly Contradiction[] {
  const owners = new Map(releases.map(({ team }) => [placeOf(team, team.namespace), team.name]));
  return releases.flatMap(({ team, values, teamPath }) =>
    appsNamespacesOf({ team, values, stacks }).flatMap((namespace): readonly Contradiction[] => {
      const other = owners.get(placeOf(team, namespace)) ?? team.name;
      if (other === team.name) return [];
      const words = {
        code: 'foreign-namespace',
        message: `apps of the team are in namespace ${namespace}, which is that of team ${other}`,
        hint: 'give them one of their own in the stack file',
      };
      return [{ file: teamPath, at: ['stacks'], ...words, severity: 'error' }];
    }),
  );
}

/** The router's account has a fixed name in each namespace of apps. */
function sharedAccounts(
  releases: readonly Release[],
  stacks: ReadonlyMap<string, Stack>,
): readonly Contradiction[] {
  const makers = releases.filter(({ values }) => values.apps?.serviceAccounts?.create ?? true);
  const namespacesOf = ({ team, values }: Release) => appsNamespacesOf({ team, values, stacks });
  return findShared(makers, namespacesOf).map(({ release, name: namespace, other }) => ({
    file: release.valuesPath,
    at: ['apps', 'serviceAccounts', 'create'],
    code: 'shared-apps-namespace',
    message: `namespace ${namespace} of apps gets the router's account from the release of team ${other} already`,
    hint: 'say apps.serviceAccounts.create: false, or give the apps another namespace',
    severity: 'error',
  }));
}

const DEFAULT_PATHS = ['/webhook'];

/** Of two Ingresses with one host and path one gets all requests, and the other team no webhook. */
function sharedWaysIn(releases: readonly Release[]): readonly Contradiction[] {
  return findShared(releases, waysInOf).map(({ release, name, other }) => ({
    file: release.valuesPath,
    at: ['orchestrator', 'ingress', 'host'],
    code: 'shared-ingress',
    message: `${name} leads to the orchestrator of team ${other} already`,
    hint: 'give each team a host name of its own, or other paths',
    severity: 'error',
  }));
}

function waysInOf({ values: { orchestrator = {} } }: Release): readonly string[] {
  const { enabled = false, host = '', paths = DEFAULT_PATHS } = orchestrator.ingress ?? {};
  return enabled && orchestrator.enabled !== false && host !== ''
    ? paths.map((path) => `${host}${path}`)
    : [];
}

/** As Argo CD names the cluster that it runs in. */
const OWN_CLUSTER = 'in-cluster';

function placeOf({ cluster = OWN_CLUSTER }: Team, name: string): string {
  return JSON.stringify([cluster, name]);
}

interface Shared {
  readonly release: Release;
  /** Of what they share. */
  readonly name: string;
  /** The team that had it first. */
  readonly other: string;
}

/** What more than one release of a cluster has, by name. */
function findShared(
  releases: readonly Release[],
  namesOf: (release: Release) => readonly string[],
): readonly Shared[] {
  const first = new Map<string, string>();
  return releases.flatMap((release) =>
    namesOf(release).flatMap((name) => {
      const place = placeOf(release.team, name);
      const other = first.get(place);
      if (other === undefined) first.set(place, release.team.name);
      return other === undefined ? [] : [{ release, name, other }];
    }),
  );
}
