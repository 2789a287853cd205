/** GenerateOptions: the flags that scripts/generate-run.sh always had, and what they mean to `run create`. Pure. */

import { BUILD_TOOLS, closestName, type Registry, type Team } from '@tekton-dag/model';
import { CliFailure } from '../cli-failure.ts';
import { dropAbsent } from '../drop-absent.ts';
import { EXIT } from '../exit-code.ts';
import type { ClusterOptions } from '../open-cluster.ts';
import { parseStringMap } from '../parse-assignments.ts';
import { fallBackToVariables, type Variables } from './script-variables.ts';
import type { RunOptions } from './request-run.ts';

export interface GenerateOptions extends ClusterOptions {
  readonly mode: 'pr' | 'merge' | 'bootstrap';
  readonly stack?: string;
  /** An app of stacks/registry.yaml, in place of --stack and --app. */
  readonly repo?: string;
  readonly app?: string;
  readonly pr?: number;
  readonly repository?: string;
  readonly team?: string;
  readonly versionOverrides?: string;
  readonly gitUrl?: string;
  readonly gitRevision?: string;
  readonly appRevision?: readonly string[];
  readonly appRevisionsJson?: string;
  readonly registry?: string;
  /** True: the registry's own build images; false: not even those of the team. */
  readonly buildImages?: boolean;
  readonly sshSecret?: string;
  readonly buildCache?: string;
  readonly storageClass?: string;
  readonly interceptBackend?: string;
  readonly attempt: number;
  readonly param?: readonly string[];
  readonly catalogUrl?: string;
  readonly catalogRevision?: string;
  readonly catalogSecret?: string;
  readonly apply?: boolean;
  readonly dryRun?: boolean;
}

/** The revision of an app that no flag gives one. */
const DEFAULT_REVISION = 'main';

/** What the flags leave open is looked up here. */
export interface Surroundings {
  readonly variables: Variables;
  readonly team: Team | undefined;
  /** Read only where `--repo` names an app of it. */
  readonly registry?: Registry | undefined;
}

/** CliFailure for flags that contradict each other, and for an app that the registry does not know. */
export function toRunOptions(
  options: GenerateOptions,
  { variables, team, registry }: Surroundings,
): RunOptions & ClusterOptions {
  const { mode, interceptBackend, pr, repository, versionOverrides, buildCache, attempt } = options;
  const { catalogUrl, catalogRevision, catalogSecret } = options;
  const { stack, app } = subjectOf(options, registry);
  const revisions = revisionsOf(options);
  const common = fallBackToVariables(options, variables);
  const change =
    mode === 'bootstrap' ? {} : { sha: (app === undefined ? undefined : revisions[app]) ?? DEFAULT_REVISION };
  const param = [
    ...revisionParam(app, revisions),
    ...compileImageParams(options.buildImages, common.registry ?? team?.imageRegistry),
    ...(options.param ?? []),
  ];
  return {
    ...common,
    ...dropAbsent({ app, pr, repository, versionOverrides, buildCache, backend: interceptBackend }),
    ...dropAbsent({ catalogUrl, catalogRevision, catalogSecret }),
    ...change,
    mode,
    stack,
    attempt,
    param,
  };
}

interface Subject {
  readonly stack: string;
  readonly app: string | undefined;
}

function subjectOf({ stack, repo, app }: GenerateOptions, registry: Registry | undefined): Subject {
  if (stack !== undefined && repo === undefined) {
    return { stack: stack.includes('/') ? stack : `stacks/${stack}`, app };
  }
  if (stack !== undefined || repo === undefined) {
    throw new CliFailure(
      EXIT.usage,
      'name either a stack (--stack FILE) or an app of the registry (--repo KEY)',
    );
  }
  return { stack: stackOf(repo, registry?.repos ?? {}), app: app ?? repo };
}

function stackOf(key: string, entries: Registry['repos']): string {
  const entry = entries[key];
  if (entry !== undefined) return `stacks/${entry.stack}`;
  const closest = closestName(key, Object.keys(entries));
  const hint = closest === undefined ? undefined : `did you mean ${closest}?`;
  throw new CliFailure(EXIT.invalidInput, `stacks/registry.yaml has no app ${key}`, hint);
}

/** `app:revision`, split at the first colon: no app's name has one. */
function revisionsOf({ appRevision = [], appRevisionsJson = '{}' }: GenerateOptions): Record<string, string> {
  const pairs = appRevision.map((text): [string, string] => {
    const colon = text.indexOf(':');
    if (colon > 0 && colon < text.length - 1) return [text.slice(0, colon), text.slice(colon + 1)];
    throw new CliFailure(EXIT.usage, `--app-revision takes app:revision, not ${JSON.stringify(text)}`);
  });
  return { ...parseStringMap(appRevisionsJson, '--app-revisions-json'), ...Object.fromEntries(pairs) };
}

function revisionParam(app: string | undefined, revisions: Readonly<Record<string, string>>): string[] {
  const all = { ...(app === undefined ? {} : { [app]: DEFAULT_REVISION }), ...revisions };
  return Object.keys(all).length === 0 ? [] : [`app-revisions=${JSON.stringify(all)}`];
}

/** The images that publish-build-images.sh pushes; an empty param lets the pipeline choose by tool and version. */
const BUILD_IMAGES = {
  npm: 'node',
  maven: 'maven',
  gradle: 'gradle',
  pip: 'python',
  composer: 'php',
  none: undefined,
} as const;

function compileImageParams(buildImages: boolean | undefined, registry: string | undefined): string[] {
  if (buildImages === undefined) return [];
  if (buildImages && registry === undefined)
    throw new CliFailure(EXIT.usage, '--build-images needs --registry or --team');
  return BUILD_TOOLS.flatMap((tool) => {
    const image = BUILD_IMAGES[tool];
    if (image === undefined) return [];
    return [
      `compile-image-${tool}=${buildImages ? `${registry ?? ''}/tekton-dag-build-${image}:latest` : ''}`,
    ];
  });
}
