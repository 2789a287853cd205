/** The params of a run, by the table of pipeline params in docs/architecture.md. */

import { buildParamsOf, testParamsOf, type PinnedCatalog, type Team } from '@tekton-dag/model';
import { runTraceparentOf } from '../telemetry/span-id.ts';
import { isTrusted, type ChangeRunRequest, type RunRequest } from './run-request.ts';

export interface RunDefaults {
  readonly defaultNamespace: string;
  /** Absent means the pipelines' default. */
  readonly tektonDagImage: string | undefined;
  /** Where pipelines and tasks are fetched from; absent means the installed ones. */
  readonly catalog: PinnedCatalog | undefined;
}

/** All values are strings, as the pipelines declare them; a param that has nothing to say is left to its default. */
export function runParams(request: RunRequest, defaults: RunDefaults): Record<string, string> {
  return dropAbsent({
    ...teamParams(request.team),
    ...(isTrusted(request) ? {} : untrustedParams(request.team)),
    traceparent: runTraceparentOf(request.traceparent, {
      namespace: request.team.namespace,
      name: request.name,
    }),
    'stack-file': request.stackFile,
    'app-revisions': JSON.stringify(request.appRevisions),
    'force-rebuild': String(request.forceRebuild),
    'default-namespace': defaults.defaultNamespace,
    'tekton-dag-image': defaults.tektonDagImage,
    ...(request.mode === 'bootstrap' ? { apps: request.apps.join(',') } : changeParams(request)),
  });
}

function teamParams(team: Team): Record<string, string | undefined> {
  return {
    team: team.name,
    'git-url': team.gitUrl,
    'git-revision': team.gitRevision,
    'git-base-url': team.gitBaseUrl,
    'versions-file': team.versionsFile,
    'image-registry': team.imageRegistry,
    ...buildParamsOf(team),
  };
}

/**
 * What a stranger's code builds never lies where others look for images to reuse: not among those of the same content,
 * and not among cached layers.
 */
function untrustedParams({ imageRegistry }: Team): Record<string, string | undefined> {
  return { 'image-registry': `${imageRegistry}/untrusted`, 'cache-repo': undefined };
}

function changeParams(request: ChangeRunRequest): Record<string, string | undefined> {
  return {
    'changed-app': request.apps.join(','),
    'pr-number': request.pullRequest?.toString(),
    'pr-repository': request.repository,
    'forge-host': request.host,
    'version-overrides': JSON.stringify(request.versionOverrides),
    ...(request.mode === 'pr' ? testParamsOf(request.team) : {}),
  };
}

function dropAbsent(params: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
