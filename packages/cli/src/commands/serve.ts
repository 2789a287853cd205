/** serve: the orchestrator, until it is told to end; SIGHUP makes it load teams and stacks anew. */

import type { KubeClient } from '@tekton-dag/kube';
import type { Orchestrator, OrchestratorConfig } from '@tekton-dag/orchestrator';
import { readFileSync } from 'node:fs';
import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { openCluster, type ClusterOptions } from '../open-cluster.ts';
import { untilEnded } from '../until-ended.ts';

/** Settings come from the environment; every bad one is named at once, with exit code 3. */
export async function serve(host: CliHost, options: ClusterOptions): Promise<number> {
  const config = await readConfig(host);
  await using cluster = await openCluster(host, options);
  const running = await start(config, cluster.client);
  host.stderr.write(`The orchestrator listens on ${running.url}.\n`);
  host.onHangUp(() => void reload(host, running));
  const exitCode = await untilEnded(host.signal);
  await running.close();
  return exitCode;
}

async function reload(host: CliHost, running: Orchestrator): Promise<void> {
  const { kind, snapshot } = await running.reload();
  host.stderr.write(`Reloaded (${kind}): ${snapshot.teams.size} teams, ${snapshot.stacks.size} stacks.\n`);
}

async function readConfig(host: CliHost): Promise<OrchestratorConfig> {
  const { parseOrchestratorConfig } = await import('@tekton-dag/orchestrator');
  const config = parseOrchestratorConfig(host.env, (path) => readFileSync(path, 'utf8'));
  if (config.ok) return config.value;
  const problems = config.error.map(({ key, message }) => `${key} ${message}`).join('\n       ');
  throw new CliFailure(EXIT.invalidInput, problems);
}

async function start(config: OrchestratorConfig, client: KubeClient): Promise<Orchestrator> {
  const { giveBackMemory, startOrchestrator } = await import('@tekton-dag/orchestrator');
  const { StoreError } = await import('@tekton-dag/store');
  try {
    const running = await startOrchestrator(config, { client });
    giveBackMemory();
    return running;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw new CliFailure(EXIT.invalidInput, error.message, 'see TEKTON_DAG_STORE_URL');
  }
}
