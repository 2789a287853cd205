/** The rig's orchestrator: a real process that can be killed and started again on the same store. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startProcess } from '../demo/child-process.ts';
import { createOrchestratorClient, type OrchestratorClient } from './orchestrator-client.ts';
import { waitOrStop } from './rig-cluster.ts';

export interface RigOrchestrator extends OrchestratorClient {
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface RigOrchestratorOptions {
  readonly root: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly kubeconfigPath: string;
  readonly platformDir: string;
  readonly teamsDir: string;
}

const SECRET = 'a secret of the tests, long enough';

async function settingsOf({ root, platformDir, teamsDir }: RigOrchestratorOptions) {
  const secretFile = join(root, 'webhook-secret');
  await writeFile(secretFile, SECRET, { mode: 0o600 });
  return {
    TEKTON_DAG_LISTEN_PORT: '0',
    TEKTON_DAG_STORE_URL: `sqlite:${join(root, 'orchestrator.sqlite')}`,
    TEKTON_DAG_PLATFORM_DIR: platformDir,
    TEKTON_DAG_TEAMS_DIR: teamsDir,
    TEKTON_DAG_WEBHOOK_SECRET_FILE: secretFile,
    TEKTON_DAG_API_TOKEN_FILE: secretFile,
  };
}

/** Starts it and waits until it listens. */
export async function startRigOrchestrator(options: RigOrchestratorOptions): Promise<RigOrchestrator> {
  const { root, command, env, kubeconfigPath } = options;
  const settings = await settingsOf(options);
  let started = 0;
  const start = async () => {
    started += 1;
    const process = startProcess({
      command: [...command, 'serve', '--kubeconfig', kubeconfigPath],
      env: { ...env, ...settings },
      logFile: join(root, `orchestrator-${started}.log`),
    });
    const [, url = ''] = await waitOrStop(process, /listens on (http:\/\/[^\s]+?)\.?$/m);
    return { process, client: createOrchestratorClient({ url, webhookSecret: SECRET, apiToken: SECRET }) };
  };
  let running = await start();
  return {
    async kill() {
      process.kill(running.process.pid ?? 0, 'SIGKILL');
      await running.process.stop();
    },
    async restart() {
      running = await start();
    },
    stop: () => running.process.stop(),
    deliver: (...args) => running.client.deliver(...args),
    get: (path) => running.client.get(path),
    readStream: (...args) => running.client.readStream(...args),
  };
}
