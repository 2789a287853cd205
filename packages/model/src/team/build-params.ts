/** buildParamsOf: what a team says about registries and builds, as params of its runs. */

import type { Team } from './team.ts';

const jsonOf = (value: object): string | undefined =>
  Object.keys(value).length === 0 ? undefined : JSON.stringify(value);

/** A param that has nothing to say is undefined, so that the pipeline's default counts. */
export function buildParamsOf(team: Team): Record<string, string | undefined> {
  const { insecureRegistries } = team;
  return {
    'max-parallel-builds': String(team.maxParallelBuilds),
    'insecure-registries': insecureRegistries.length === 0 ? undefined : insecureRegistries.join(','),
    'registry-mirrors': jsonOf(team.registryMirrors),
    'package-proxies': jsonOf(team.packageProxies),
    'cache-repo': team.cacheRepo,
    'builder-image': team.builderImage,
    'pre-build-task': team.hooks.preBuild,
    'post-build-task': team.hooks.postBuild,
    ...Object.fromEntries(
      Object.entries(team.compileImages).map(([tool, image]) => [`compile-image-${tool}`, image]),
    ),
  };
}
