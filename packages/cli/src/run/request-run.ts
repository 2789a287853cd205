/** requestRun: what the user asked for on a command line, checked as a whole, as the PipelineRun to create. */

import {
  closestName,
  parseGitRepository,
  type PipelineRun,
  type RunMode,
  type Stack,
  type Team,
} from '@tekton-dag/model';
import { isAbsolute, normalize } from 'node:path';
import { CliFailure } from '../cli-failure.ts';
import { EXIT } from '../exit-code.ts';
import { parseAssignments } from '../parse-assignments.ts';
import { assertPlan } from './assert-plan.ts';
import { readCatalogOptions } from './read-catalog-options.ts';
import { createRunRequest } from './run-request.ts';

/** Options that say what a run is; see `run create --help`. */
export interface RunOptions {
  readonly mode: Exclude<RunMode, 'continue'>;
  readonly stack: string;
  readonly stackFile?: string;
  readonly app?: string;
  readonly pr?: number;
  readonly repository?: string;
  readonly sha?: string;
  readonly registry?: string;
  readonly gitUrl?: string;
  readonly gitRevision?: string;
  readonly apps?: string;
  readonly forceRebuild?: boolean;
  readonly backend?: string;
  readonly versionOverrides?: string;
  readonly attempt: number;
  readonly sshSecret?: string;
  readonly registrySecret?: string;
  readonly buildCache?: string;
  readonly param?: readonly string[];
  /** Fetch pipelines and tasks from there, in place of the installed ones. */
  readonly catalogUrl?: string;
  readonly catalogRevision?: string;
  readonly catalogSecret?: string;
}

/** CliFailure for what is missing, and for values that no run could work with. */
export function requestRun(
  options: RunOptions,
  stack: Stack,
  team: Team | undefined,
  namespace: string,
): PipelineRun {
  const params = explicitParams(options);
  const run = createRunRequest({
    mode: options.mode,
    stack,
    stackFile: options.stackFile ?? platformPathOf(options.stack),
    team,
    namespace,
    ...changeOf(options, stack),
    attempt: options.attempt,
    sshSecret: options.sshSecret,
    registrySecret: options.registrySecret,
    buildCache: options.buildCache,
    params,
    catalog: readCatalogOptions(options),
  });
  assertParams(run, options.mode);
  assertPlan(run, stack, options.mode);
  return run;
}

type Change = Pick<Parameters<typeof createRunRequest>[0], 'app' | 'repository' | 'pullRequest' | 'sha'>;

/** A pull request and a merge say which app changed, where, and at which commit; a look at a stack may say so. */
function changeOf(options: RunOptions, stack: Stack): Change {
  const { mode, app: name, pr: pullRequest, sha } = options;
  const platformSha = sha ?? options.gitRevision ?? 'main';
  if (mode === 'bootstrap') return { sha: platformSha };
  if (mode === 'verify') {
    const repository = name === undefined ? options.repository : repositoryOf(options, stack, name);
    return { app: name, pullRequest, sha: platformSha, repository };
  }
  if (name === undefined) throw new CliFailure(EXIT.usage, `--mode ${mode} needs --app`);
  if (pullRequest === undefined) throw new CliFailure(EXIT.usage, `--mode ${mode} needs --pr`);
  if (sha === undefined) throw new CliFailure(EXIT.usage, `--mode ${mode} needs --sha`);
  return { app: name, pullRequest, sha, repository: repositoryOf(options, stack, name) };
}

function repositoryOf(options: RunOptions, stack: Stack, name: string): string {
  const app = stack.apps.find((one) => one.name === name);
  if (app !== undefined) return fullNameOf(options.repository ?? app.repo);
  const names = stack.apps.map((one) => one.name);
  const closest = closestName(name, names);
  const hint = closest === undefined ? `its apps are ${names.join(', ')}` : `did you mean ${closest}?`;
  throw new CliFailure(EXIT.invalidInput, `${options.stack} has no app ${name}`, hint);
}

/** `owner/name`, as the forge names it; a stack file may name the host too. */
function fullNameOf(text: string): string {
  const repository = parseGitRepository(text);
  if (repository.ok) return repository.value.fullName;
  throw new CliFailure(EXIT.invalidInput, repository.error.message);
}

function explicitParams(options: RunOptions): Record<string, string> {
  const named = {
    'image-registry': options.registry,
    'git-url': options.gitUrl,
    'git-revision': options.gitRevision,
    apps: options.mode === 'bootstrap' ? options.apps : undefined,
    'force-rebuild': options.forceRebuild === true ? 'true' : undefined,
    'intercept-backend': options.mode === 'pr' ? options.backend : undefined,
    'version-overrides': options.mode === 'bootstrap' ? undefined : options.versionOverrides,
  };
  const given = Object.entries(named).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return { ...Object.fromEntries(given), ...parseAssignments(options.param ?? [], '--param') };
}

/** Params without a default; a look at a stack needs no registry. */
const REQUIRED_PARAMS: Readonly<Record<string, string>> = {
  'git-url': '--git-url',
  'git-revision': '--git-revision',
  'image-registry': '--registry',
};

function assertParams(run: PipelineRun, mode: RunMode): void {
  const given = new Set(run.spec.params?.map(({ name }) => name));
  if (mode === 'verify') given.add('image-registry');
  const missing = Object.keys(REQUIRED_PARAMS).filter((name) => !given.has(name));
  if (missing.length === 0) return;
  const flags = missing.map((name) => REQUIRED_PARAMS[name]).join(', ');
  throw new CliFailure(
    EXIT.usage,
    `the run needs ${missing.join(', ')}`,
    `name a --team file, or give ${flags}`,
  );
}

function platformPathOf(path: string): string {
  const normal = normalize(path);
  if (!isAbsolute(normal) && !normal.startsWith('..')) return normal;
  throw new CliFailure(
    EXIT.usage,
    `${path} is not a path inside the platform repository`,
    'say with --stack-file where the file is there, such as stacks/stack-one.yaml',
  );
}
