/** A real orchestrator process for tests that kill one: settings from the environment, the API server at RIG_API_URL. */

import { createKubeClient } from '@tekton-dag/kube';
import { readFileSync } from 'node:fs';
import { parseOrchestratorConfig, startOrchestrator } from '../src/index.ts';

const { RIG_API_URL = '', ...env } = process.env;
const config = parseOrchestratorConfig(env, (path) => readFileSync(path, 'utf8'));
if (!config.ok) throw new Error(JSON.stringify(config.error));
const client = createKubeClient({
  server: RIG_API_URL,
  namespace: 'default',
  contextName: 'rig',
  insecureSkipTlsVerify: false,
  credentials: {},
  source: 'rig',
});
const { url } = await startOrchestrator(config.value, { client });
process.stdout.write(`${url}\n`);
