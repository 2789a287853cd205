/** runE2e: the whole job once, on a cluster that is there: check it, bootstrap the stack, run a pull request through it. */

import { kinds } from '@tekton-dag/kube';
import { parseStack, type PipelineRun } from '@tekton-dag/model';
import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { checkCluster } from '../doctor/check-cluster.ts';
import { renderCheck } from '../doctor/check.ts';
import { EXIT } from '../exit-code.ts';
import type { Cluster } from '../open-cluster.ts';
import { readInputFile } from '../read-input-file.ts';
import { readTeam } from '../read-team.ts';
import { createStyle, wantsColor } from '../render/style.ts';
import { attemptOfNow } from '../run/attempt-of-now.ts';
import { assertKnownParams } from '../run/assert-known-params.ts';
import { toE2eRunOptions, type E2eRunOptions } from '../run/e2e-run-options.ts';
import { requestRun } from '../run/request-run.ts';
import { summarizeRecord } from '../run/summarize-record.ts';
import { createOnce, openTeamCluster } from './run-create.ts';
import { followRun } from './run-watch.ts';

export interface RunE2eOptions extends E2eRunOptions {
  readonly skipBootstrap?: boolean;
  readonly skipInstallCheck?: boolean;
  /** False after `--no-verify-db`: the run record's verdicts are not looked at. */
  readonly verifyDb: boolean;
}

/** Exit code 4 for a cluster that lacks something, 1 when a run fails or has left no verdict. */
export async function runE2e(host: CliHost, options: RunE2eOptions): Promise<number> {
  const team = await readTeam(host, options.team, options);
  const surroundings = { variables: host.env, team };
  const { bootstrap, pullRequest } = toE2eRunOptions(options, attemptOfNow(), surroundings);
  const stack = await readInputFile(host, pullRequest.stack, parseStack, options);
  await using cluster = await openTeamCluster(host, pullRequest, team);
  // Both before one starts: what is wrong with the second is told before the first has run for minutes.
  const base = requestRun(bootstrap, stack, team, cluster.namespace);
  const change = requestRun(pullRequest, stack, team, cluster.namespace);
  await assertKnownParams(base, change);
  if (options.skipInstallCheck !== true) await checkInstallation(host, cluster, options);
  if (options.skipBootstrap !== true) {
    const code = await runOnce(host, cluster, base, options);
    if (code !== EXIT.ok) return code;
  }
  const code = await runOnce(host, cluster, change, options);
  return code === EXIT.ok && options.verifyDb ? await judge(host, cluster, change) : code;
}

async function runOnce(
  host: CliHost,
  cluster: Cluster,
  requested: PipelineRun,
  options: RunE2eOptions,
): Promise<number> {
  const { metadata } = await createOnce(host, cluster, requested);
  const name = metadata.name ?? '';
  host.stdout.write(`pipelinerun.tekton.dev/${name}\n`);
  return await followRun(host, cluster, name, options);
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
