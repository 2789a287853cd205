/** serve: the orchestrator, until it is interrupted. */

import { readFileSync } from 'node:fs';
import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { openCluster, type ClusterOptions } from '../open-cluster.ts';
import { untilAborted } from '../until-aborted.ts';

/** Settings come from the environment; every bad one is named at once, with exit code 3. */
export async function serve(host: CliHost, options: ClusterOptions): Promise<number> {
  const { parseOrchestratorConfig, startOrchestrator } = await import('@tekton-dag/orchestrator');
  const config = parseOrchestratorConfig(host.env, (path) => readFileSync(path, 'utf8'));
  if (!config.ok) {
    const problems = config.error.map(({ key, message }) => `${key} ${message}`).join('\n       ');
    throw new CliFailure(EXIT.invalidInput, problems);
  }
  await using cluster = await openCluster(host, options);
  const running = await startOrchestrator(config.value, { client: cluster.client });
  host.stderr.write(`The orchestrator listens on ${running.url}.\n`);
  await untilAborted(host.signal);
  await running.close();
  return EXIT.interrupted;
}
