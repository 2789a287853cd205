/** The rig's local cluster: a real process that can be killed and started again on the same state. */

import { createKubeClient, loadKubeConfig, type KubeClient } from '@tekton-dag/kube';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { startProcess, type StartedProcess } from '../demo/child-process.ts';

export interface RigCluster {
  readonly stateDir: string;
  readonly kubeconfigPath: string;
  readonly registryHost: string;
  readonly client: KubeClient;
  pid(): number;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same state and ports. */
  restart(): Promise<void>;
  /** SIGTERM and the end of all it runs. */
  stop(): Promise<void>;
}

export interface RigClusterOptions {
  readonly root: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const START_TIMEOUT_MS = 240_000;
const recordSchema = z.object({ kubeconfigPath: z.string(), apiUrl: z.string(), registryHost: z.string() });
type ClusterRecord = z.infer<typeof recordSchema>;

async function openClient(kubeconfigPath: string, homeDir: string): Promise<KubeClient> {
  const config = await loadKubeConfig({ env: { KUBECONFIG: kubeconfigPath }, homeDir });
  if (!config.ok) throw new Error(config.error.message);
  return createKubeClient(config.value);
}

const portOf = (host: string): string => new URL(host.includes('//') ? host : `http://${host}`).port;

/** What does not become ready must not stay either. */
export async function waitOrStop(process: StartedProcess, pattern: RegExp): Promise<RegExpExecArray> {
  try {
    return await process.waitForLog(pattern, START_TIMEOUT_MS);
  } catch (fault) {
    await process.stop();
    throw fault;
  }
}

/** Starts it and waits until it is ready. */
export async function startRigCluster({ root, command, env }: RigClusterOptions): Promise<RigCluster> {
  const stateDir = join(root, 'cluster');
  let started = 0;

  async function start(
    ports: readonly string[],
  ): Promise<{ process: StartedProcess; record: ClusterRecord }> {
    started += 1;
    // The record of a cluster that was killed must not be taken for the next one's.
    await rm(join(stateDir, 'daemon.json'), { force: true });
    const args = ['local', 'up', '--foreground', '--state-dir', stateDir, '--visible-path', root, ...ports];
    const logFile = join(root, `cluster-${started}.log`);
    const process = startProcess({ command: [...command, ...args], env, logFile });
    await waitOrStop(process, /^export KUBECONFIG=/m);
    const record = recordSchema.parse(JSON.parse(await readFile(join(stateDir, 'daemon.json'), 'utf8')));
    return { process, record };
  }

  let { process: running, record } = await start([]);
  const client = await openClient(record.kubeconfigPath, root);
  const kill = async (): Promise<void> => {
    const pid = running.pid ?? 0;
    process.kill(pid, 'SIGKILL');
    // It is gone when stop() finds nothing left to stop.
    await running.stop();
  };
  return {
    stateDir,
    kubeconfigPath: record.kubeconfigPath,
    registryHost: record.registryHost,
    client,
    pid: () => running.pid ?? 0,
    kill,
    async restart() {
      const ports = ['--port', portOf(record.apiUrl), '--registry-port', portOf(record.registryHost)];
      ({ process: running, record } = await start(ports));
    },
    async stop() {
      await client.close();
      await running.stop();
    },
  };
}
