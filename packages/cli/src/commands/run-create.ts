/** runCreate: starts a run by hand, with the same names, labels and params as the orchestrator's. */

import { isRefusal } from '@tekton-dag/kube';
import {
  parseGitRepository,
  parseStack,
  type PipelineRun,
  type RunMode,
  type Stack,
  type Team,
} from '@tekton-dag/model';
import { isAbsolute, normalize } from 'node:path';
import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { openCluster, type Cluster, type ClusterOptions } from '../open-cluster.ts';
import { parseAssignments } from '../parse-assignments.ts';
import { readInputFile } from '../read-input-file.ts';
import { readTeam } from '../read-team.ts';
import { renderData, type OutputFormat } from '../render/objects.ts';
import { runsOf } from '../run/pipeline-runs.ts';
import { createRunRequest } from '../run/run-request.ts';
import { followRun } from './run-watch.ts';

export interface RunCreateOptions extends ClusterOptions {
  readonly mode: Exclude<RunMode, 'continue'>;
  readonly stack: string;
  readonly stackFile?: string;
  readonly team?: string;
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
  readonly param?: readonly string[];
  readonly dryRun?: boolean;
  readonly watch?: boolean;
  readonly output?: OutputFormat;
}

/** Prints the run's name, or with `--dry-run` the object that would be created. */
export async function runCreate(host: CliHost, options: RunCreateOptions): Promise<number> {
  const stack = await readInputFile(host, options.stack, parseStack, options);
  const team = await readTeam(host, options.team, options);
  if (options.dryRun === true) {
    const run = requestRun(options, stack, team, options.namespace ?? team?.namespace ?? 'default');
    return printRun(host, run, options.output ?? 'yaml');
  }
  await using cluster = await openTeamCluster(host, options, team);
  const run = await createOnce(host, cluster, requestRun(options, stack, team, cluster.namespace));
  await printRun(host, run, options.output ?? 'name');
  if (options.watch !== true) return EXIT.ok;
  return await followRun(host, cluster, run.metadata.name ?? '', options);
}

/** The team's namespace and context, unless flags say otherwise. */
function openTeamCluster(host: CliHost, options: RunCreateOptions, team: Team | undefined): Promise<Cluster> {
  const { namespace = team?.namespace, context = team?.cluster } = options;
  return openCluster(host, {
    ...options,
    ...(namespace === undefined ? {} : { namespace }),
    ...(context === undefined ? {} : { context }),
  });
}

async function createOnce(host: CliHost, cluster: Cluster, run: PipelineRun): Promise<PipelineRun> {
  try {
    return await runsOf(cluster).create(run);
  } catch (error) {
    if (!isRefusal(error, 'AlreadyExists')) throw error;
    host.stderr.write(`This run exists already; --attempt makes another.\n`);
    return run;
  }
}

async function printRun(host: CliHost, run: PipelineRun, format: OutputFormat): Promise<number> {
  const named = `pipelinerun.tekton.dev/${run.metadata.name ?? ''}\n`;
  host.stdout.write(format === 'json' || format === 'yaml' ? await renderData(run, format) : named);
  return EXIT.ok;
}

function requestRun(
  options: RunCreateOptions,
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
    params,
  });
  assertParams(run, options.mode);
  return run;
}

type Change = Pick<Parameters<typeof createRunRequest>[0], 'app' | 'repository' | 'pullRequest' | 'sha'>;

/** A pull request and a merge say which app changed, where, and at which commit; a look at a stack may say so. */
function changeOf(options: RunCreateOptions, stack: Stack): Change {
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

function repositoryOf(options: RunCreateOptions, stack: Stack, name: string): string {
  const app = stack.apps.find((one) => one.name === name);
  if (app !== undefined) return fullNameOf(options.repository ?? app.repo);
  const known = stack.apps.map((one) => one.name).join(', ');
  throw new CliFailure(EXIT.invalidInput, `${options.stack} has no app ${name}`, `its apps are ${known}`);
}

/** `owner/name`, as the forge names it; a stack file may name the host too. */
function fullNameOf(text: string): string {
  const repository = parseGitRepository(text);
  if (repository.ok) return repository.value.fullName;
  throw new CliFailure(EXIT.invalidInput, repository.error.message);
}

function explicitParams(options: RunCreateOptions): Record<string, string> {
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
