/** runCreate: starts a run by hand, with the same names, labels and params as the orchestrator's. */

import { isRefusal } from '@tekton-dag/kube';
import { parseStack, type PipelineRun, type Team } from '@tekton-dag/model';
import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { openCluster, type Cluster, type ClusterOptions } from '../open-cluster.ts';
import { readInputFile } from '../read-input-file.ts';
import { readTeam } from '../read-team.ts';
import { renderData, type OutputFormat } from '../render/objects.ts';
import { attemptOfNow } from '../run/attempt-of-now.ts';
import { assertKnownParams } from '../run/assert-known-params.ts';
import { getRun, runsOf } from '../run/pipeline-runs.ts';
import { requestRun, type RunOptions } from '../run/request-run.ts';
import { followRun } from './run-watch.ts';

export interface RunCreateOptions extends ClusterOptions, RunOptions {
  readonly team?: string;
  readonly dryRun?: boolean;
  readonly watch?: boolean;
  /** Another run than any before; `attempt` is not looked at then. */
  readonly newAttempt?: boolean;
  /** Print the results of a watched run that succeeded. */
  readonly results?: boolean;
  readonly output?: OutputFormat;
}

/** Prints the run's name, or with `--dry-run` the object that would be created. */
export async function runCreate(host: CliHost, given: RunCreateOptions): Promise<number> {
  const options = given.newAttempt === true ? { ...given, attempt: attemptOfNow() } : given;
  const stack = await readInputFile(host, options.stack, parseStack, options);
  const team = await readTeam(host, options.team, options);
  if (options.dryRun === true) {
    const run = requestRun(options, stack, team, await findNamespace(host, options, team));
    await assertKnownParams(run);
    return printRun(host, run, options.output ?? 'yaml');
  }
  await using cluster = await openTeamCluster(host, options, team);
  const requested = requestRun(options, stack, team, cluster.namespace);
  await assertKnownParams(requested);
  const run = await createOnce(host, cluster, requested);
  await printRun(host, run, options.output ?? 'name');
  return options.watch === true ? await followToEnd(host, cluster, run, options) : EXIT.ok;
}

async function followToEnd(
  host: CliHost,
  cluster: Cluster,
  run: PipelineRun,
  options: RunCreateOptions,
): Promise<number> {
  const name = run.metadata.name ?? '';
  const code = await followRun(host, cluster, name, options);
  if (code !== EXIT.ok || options.results !== true) return code;
  const { status } = await getRun(cluster, name);
  for (const { name: result, value } of status?.results ?? []) {
    host.stdout.write(`${result}: ${typeof value === 'string' ? value : JSON.stringify(value)}\n`);
  }
  return code;
}

/** Where the run would be made; who has no kubeconfig is told the namespace that kubectl falls back to. */
async function findNamespace(
  host: CliHost,
  options: RunCreateOptions,
  team: Team | undefined,
): Promise<string> {
  try {
    await using cluster = await openTeamCluster(host, options, team);
    return cluster.namespace;
  } catch (error) {
    if (error instanceof CliFailure) return options.namespace ?? team?.namespace ?? 'default';
    throw error;
  }
}

/** The team's namespace and context, unless flags say otherwise. */
export function openTeamCluster(
  host: CliHost,
  options: ClusterOptions,
  team: Team | undefined,
): Promise<Cluster> {
  const { namespace = team?.namespace, context = team?.cluster } = options;
  return openCluster(host, {
    ...options,
    ...(namespace === undefined ? {} : { namespace }),
    ...(context === undefined ? {} : { context }),
  });
}

/** The run; one of the same name that is there already is not made again. */
export async function createOnce(host: CliHost, cluster: Cluster, run: PipelineRun): Promise<PipelineRun> {
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
