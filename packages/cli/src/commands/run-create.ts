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
import { assertKnownParams } from '../run/assert-known-params.ts';
import { runsOf } from '../run/pipeline-runs.ts';
import { requestRun, type RunOptions } from '../run/request-run.ts';
import { followRun } from './run-watch.ts';

export interface RunCreateOptions extends ClusterOptions, RunOptions {
  readonly team?: string;
  readonly dryRun?: boolean;
  readonly watch?: boolean;
  readonly output?: OutputFormat;
}

/** Prints the run's name, or with `--dry-run` the object that would be created. */
export async function runCreate(host: CliHost, options: RunCreateOptions): Promise<number> {
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
  if (options.watch !== true) return EXIT.ok;
  return await followRun(host, cluster, run.metadata.name ?? '', options);
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
