/** checkRelease: what a team's two files say against each other, in the words of the chart where it refuses the same. Pure. */

import { isReservedNamespace, wordsOfRule, type Path, type TeamRule } from '@tekton-dag/model';
import type { TeamFolder } from './team-folder.ts';

/** A folder whose two files can both be read. */
export type Release = TeamFolder & { readonly [K in 'team' | 'values']: NonNullable<TeamFolder[K]> };

/** A problem of the value at `at` in a file. */
export interface Contradiction extends TeamRule {
  readonly file: string;
  readonly at: Path;
  readonly severity: 'error' | 'warning';
}

const RELEASE_PREFIX = 'tekton-dag-';
const MAX_NAME_LENGTH = 53 - RELEASE_PREFIX.length;

export function checkRelease(release: Release): readonly Contradiction[] {
  return [
    ...otherFolder(release),
    ...longName(release),
    ...unsaidNamespace(release),
    ...reservedNamespaces(release),
    ...teamsElsewhere(release),
    ...incompleteCatalog(release),
    ...unnamedBuildCache(release),
    ...replicasWithoutPostgres(release),
    ...triggersWithoutSecret(release),
    ...unlistedStackFiles(release),
  ];
}

function otherFolder({ name, team, teamPath }: Release): readonly Contradiction[] {
  if (team.name === name) return [];
  const words = wordsOfRule('otherFolder', { name: team.name });
  return [{ file: teamPath, at: ['name'], ...words, severity: 'error' }];
}

/** Argo CD installs it as release tekton-dag-<team>, and Helm takes names of 53 characters. */
function longName({ team, teamPath }: Release): readonly Contradiction[] {
  if (team.name.length <= MAX_NAME_LENGTH) return [];
  const words = {
    code: 'long-name',
    message: `the release ${RELEASE_PREFIX}${team.name} would have a longer name than Helm takes`,
    hint: `a name of at most ${MAX_NAME_LENGTH} characters`,
  };
  return [{ file: teamPath, at: ['name'], ...words, severity: 'error' }];
}

/** The program takes tekton-pipelines then, Helm the namespace of the release. */
function unsaidNamespace({ keys, teamPath }: Release): readonly Contradiction[] {
  if (keys.has('namespace')) return [];
  const words = {
    code: 'no-namespace',
    message: 'the team names no namespace, and Argo CD needs one',
    hint: 'add the key namespace',
  };
  return [{ file: teamPath, at: [], ...words, severity: 'warning' }];
}

function reservedNamespaces({ values, valuesPath }: Release): readonly Contradiction[] {
  const { defaultNamespace = '', namespaces = [] } = values.apps ?? {};
  const named = [
    { at: ['apps', 'defaultNamespace'], namespace: defaultNamespace },
    ...namespaces.map((namespace, index) => ({ at: ['apps', 'namespaces', index], namespace })),
    ...(values.teams ?? []).map(({ namespace = '' }, index) => ({
      at: ['teams', index, 'namespace'],
      namespace,
    })),
  ];
  return named
    .filter(({ namespace }) => isReservedNamespace(namespace))
    .map(({ at, namespace }) => ({
      file: valuesPath,
      at,
      ...wordsOfRule('reservedNamespace', { namespace }),
      severity: 'error',
    }));
}

/** The service of a release makes runs in its own namespace only. */
function teamsElsewhere({ team, values, valuesPath }: Release): readonly Contradiction[] {
  return (values.teams ?? []).flatMap(({ namespace = team.namespace }, index): readonly Contradiction[] => {
    if (namespace === team.namespace) return [];
    const words = {
      code: 'other-namespace',
      message: `${JSON.stringify(namespace)} is not the namespace of the release, ${JSON.stringify(team.namespace)}`,
      hint: `install it with --namespace ${namespace}, or say another one`,
    };
    return [{ file: valuesPath, at: ['teams', index, 'namespace'], ...words, severity: 'error' }];
  });
}

function incompleteCatalog({ values, valuesPath }: Release): readonly Contradiction[] {
  const { catalog } = values;
  if (catalog?.source !== 'git') return [];
  const missing = (['url', 'revision'] as const).filter((key) => (catalog[key] ?? '') === '');
  return missing.map((key) => ({
    file: valuesPath,
    at: ['catalog', key],
    ...wordsOfRule('gitCatalogIncomplete', { key: `catalog.${key}` }),
    severity: 'error',
  }));
}

function unnamedBuildCache({ team, values, valuesPath }: Release): readonly Contradiction[] {
  if (values.buildCache?.create !== true || team.buildCacheClaim !== undefined) return [];
  return [
    {
      file: valuesPath,
      at: ['buildCache', 'create'],
      ...wordsOfRule('buildCacheUnnamed'),
      severity: 'error',
    },
  ];
}

function replicasWithoutPostgres({ values, valuesPath }: Release): readonly Contradiction[] {
  const { orchestrator = {} } = values;
  const at = orchestrator.enabled === false ? undefined : whereScaled(orchestrator);
  if (at === undefined || (orchestrator.store?.postgres?.existingSecret ?? '') !== '') return [];
  return [{ file: valuesPath, at, ...wordsOfRule('replicasNeedPostgres'), severity: 'error' }];
}

/** The value that asks for more than one replica. */
function whereScaled({
  autoscaling,
  replicas = 1,
}: NonNullable<Release['values']['orchestrator']>): Path | undefined {
  if (autoscaling?.enabled === true) return ['orchestrator', 'autoscaling', 'enabled'];
  return replicas > 1 ? ['orchestrator', 'replicas'] : undefined;
}

function triggersWithoutSecret({ values, valuesPath }: Release): readonly Contradiction[] {
  const { triggers } = values;
  if (triggers?.enabled !== true || (triggers.webhookSecret?.name ?? '') !== '') return [];
  const at = ['triggers', 'webhookSecret', 'name'];
  return [{ file: valuesPath, at, ...wordsOfRule('triggersNeedSecret'), severity: 'error' }];
}

function unlistedStackFiles({ team, values, valuesPath }: Release): readonly Contradiction[] {
  const listed = new Set([...team.stacks, ...(values.teams ?? []).flatMap(({ stacks }) => stacks)]);
  const unlisted = Object.keys(values.stackFiles ?? {}).filter((file) => !listed.has(file));
  return unlisted.map((file) => ({
    file: valuesPath,
    at: ['stackFiles', file],
    code: 'unlisted-stack-file',
    message: `${JSON.stringify(file)} is given, and no team of the release lists it`,
    hint: 'list it under stacks in team.yaml, or take it out',
    severity: 'warning',
  }));
}
