/** Gives a benchmark a fresh local cluster, and ends it afterwards. */

import { createKubeClient, loadKubeConfig, type KubeClient } from '@tekton-dag/kube';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** `pid` is the cluster's process. */
export async function withCluster(
  measure: (client: KubeClient, pid: number) => Promise<void>,
): Promise<void> {
  const stateDir = await mkdtemp(join(tmpdir(), 'tekton-dag-bench-'));
  const child = spawn(process.execPath, [join(import.meta.dirname, 'serve-cluster.ts'), stateDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    const config = await loadKubeConfig({ env: { KUBECONFIG: String(line) }, homeDir: stateDir });
    if (!config.ok) throw new Error(`no kubeconfig: ${JSON.stringify(config.error)}`);
    await using client = createKubeClient(config.value);
    await measure(client, child.pid ?? 0);
  } finally {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
    await rm(stateDir, { recursive: true, force: true });
  }
}
