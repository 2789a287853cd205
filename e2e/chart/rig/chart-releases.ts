/** CHART_RELEASES: the releases whose objects are kept as golden files, and those that are only checked. */

import { readdirSync, readFileSync } from 'node:fs';
import { parseTeam } from '@tekton-dag/model';
import { CHECKOUT, type Release } from './render-release.ts';

/** By the name of the golden file. */
export const GOLDEN_RELEASES = {
  default: {},
  team: {
    name: 'tekton-dag-vendor',
    namespace: 'vendor',
    files: ['teams/vendor/team.yaml', 'teams/vendor/values.yaml'],
  },
  'every-feature': {
    name: 'tekton-dag-all',
    namespace: 'all',
    files: ['e2e/chart/values/every-feature.yaml'],
  },
} as const satisfies Readonly<Record<string, Release>>;

/** What does not go together with every feature: checked, and not kept as golden files. */
const OTHER_RELEASES = {
  'git-catalog': { files: ['e2e/chart/values/git-catalog.yaml'] },
  'pipelines-only': { files: ['e2e/chart/values/pipelines-only.yaml'] },
  'teams-from-config-maps': { files: ['e2e/chart/values/teams-from-config-maps.yaml'] },
} as const satisfies Readonly<Record<string, Release>>;

/** All those, and every team of the checkout as it would be installed. */
export function listReleases(): Readonly<Record<string, Release>> {
  const folders = readdirSync(`${CHECKOUT}/teams`, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  const teams = folders.map(({ name }) => [`teams/${name}`, releaseOf(name)] as const);
  return { ...GOLDEN_RELEASES, ...OTHER_RELEASES, ...Object.fromEntries(teams) };
}

function releaseOf(team: string): Release {
  const files = ['team.yaml', 'values.yaml'].map((file) => `teams/${team}/${file}`);
  return { name: `tekton-dag-${team}`, namespace: namespaceOf(team), files };
}

/** As `team.yaml` says it: the chart refuses another one. */
function namespaceOf(team: string): string {
  const text = readFileSync(`${CHECKOUT}/teams/${team}/team.yaml`, 'utf8');
  const parsed = parseTeam(text, 'team.yaml');
  if (!parsed.ok) throw new Error(`teams/${team}/team.yaml has problems`);
  return parsed.value.namespace;
}
