/** runE2e: the whole job once, on a cluster that is there: check it, bootstrap the stack, run a pull request through it. */

import { kinds } from '@tekton-dag/kube';
import { parseStack, type PipelineRun, type Stack, type Team } from '@tekton-dag/model';
import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { checkCluster } from '../doctor/check-cluster.ts';
import { renderCheck } from '../doctor/check.ts';
import { EXIT } from '../exit-code.ts';
import type { Cluster } from '../open-cluster.ts';
import { readInputFile } from '../read-input-file.ts';
import { readTeam } from '../read-team.ts';
import { createStyle, wantsColor } from '../render/style.ts';
import { toRunOptions, type GenerateOptions } from '../run/generate-options.ts';
import { requestRun } from '../run/request-run.ts';
import { summarizeRecord } from '../run/summarize-record.ts';
import { createOnce, openTeamCluster } from './run-create.ts';
import { followRun } from './run-watch.ts';

export interface RunE2eOptions extends Omit<
  GenerateOptions,
  'mode' | 'app' | 'repo' | 'apply' | 'dryRun' | 'attempt'
> {
  readonly stack: string;
  readonly changedApp: string;
  readonly pr: number;
  readonly skipBootstrap?: boolean;
  readonly skipInstallCheck?: boolean;
  /** False after `--no-verify-db`: the run record's verdicts are not looked at. */
  readonly verifyDb: boolean;
}

/** Exit code 4 for a cluster that lacks something, 1 when a run fails or has left no verdict. */
export async function runE2e(host: CliHost, options: RunE2eOptions): Promise<number> {
  const team = await readTeam(host, options.team, options);
  const bootstrap = optionsOf(host, options, team, 'bootstrap');
  const stack = await readInputFile(host, bootstrap.stack, parseStack, options);
  await using cluster = await openTeamCluster(host, bootstrap, team);
  if (options.skipInstallCheck !== true) await checkInstallation(host, cluster, options);
  const job: Job = { host, cluster, stack, team, options };
  if (options.skipBootstrap !== true) {
    const code = await runOnce(job, 'bootstrap');
    if (code !== EXIT.ok) return code;
  }
  return await runOnce(job, 'pr');
}

interface Job {
  readonly host: CliHost;
  readonly cluster: Cluster;
  readonly stack: Stack;
  readonly team: Team | undefined;
  readonly options: RunE2eOptions;
}

/** Each call is a new attempt: what ran a minute ago proves nothing about now. */
function optionsOf(
  host: CliHost,
  options: RunE2eOptions,
  team: Team | undefined,
  mode: 'bootstrap' | 'pr',
): ReturnType<typeof toRunOptions> {
  const attempt = Math.floor(Date.now() / 1000);
  const { changedApp, ...rest } = options;
  const app = mode === 'pr' ? { app: changedApp } : {};
  return toRunOptions({ ...rest, ...app, mode, attempt }, { variables: host.env, team });
}

async function runOnce(
  { host, cluster, stack, team, options }: Job,
  mode: 'bootstrap' | 'pr',
): Promise<number> {
  const requested = requestRun(optionsOf(host, options, team, mode), stack, team, cluster.namespace);
  const run = await createOnce(host, cluster, requested);
  const name = run.metadata.name ?? '';
  host.stdout.write(`pipelinerun.tekton.dev/${name}\n`);
  const code = await followRun(host, cluster, name, options);
  if (code !== EXIT.ok || mode === 'bootstrap' || !options.verifyDb) return code;
  return await judge(host, cluster, run);
}

async function judge(host: CliHost, { client, namespace }: Cluster, run: PipelineRun): Promise<number> {
  const record = await client.resource(kinds.configmaps, namespace).get(run.metadata.name ?? '');
  const { lines, passed } = summarizeRecord(record?.data);
  host.stdout.write(lines.map((line) => `${line}\n`).join(''));
  return passed ? EXIT.ok : EXIT.runFailed;
}

async function checkInstallation(host: CliHost, cluster: Cluster, options: RunE2eOptions): Promise<void> {
  const checks = await checkCluster(host, { ...options, namespace: cluster.namespace });
  const missing = checks.filter(({ state }) => state === 'missing');
  if (missing.length === 0) return;
  const style = createStyle(wantsColor(host.env, host.stderrIsTerminal, options.color));
  host.stderr.write(missing.map((check) => renderCheck(check, style)).join(''));
  throw new CliFailure(
    EXIT.unreachable,
    `the cluster lacks ${missing.map(({ name }) => name).join(', ')}`,
    '--skip-install-check runs all the same',
  );
}
