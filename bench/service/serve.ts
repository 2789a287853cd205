/** The orchestrator as a process of its own: settings from the environment, the API server at BENCH_API_URL; tells its URL on stdout. */

import { createKubeClient } from '@tekton-dag/kube';
import { giveBackMemory, parseOrchestratorConfig, startOrchestrator } from '@tekton-dag/orchestrator';
import { readFileSync } from 'node:fs';

const { BENCH_API_URL = '', ...env } = process.env;
const config = parseOrchestratorConfig(env, (path) => readFileSync(path, 'utf8'));
if (!config.ok) throw new Error(JSON.stringify(config.error));
const client = createKubeClient({
  server: BENCH_API_URL,
  namespace: 'default',
  contextName: 'bench',
  insecureSkipTlsVerify: false,
  credentials: {},
  source: 'bench',
});
const { url } = await startOrchestrator(config.value, { client });
giveBackMemory();
process.stdout.write(`${url}\n`);
