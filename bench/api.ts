/**
 * How fast the local cluster's API is: a cluster in a process of its own, spoken to over HTTPS by 8 clients at once. JSON lines:
 * `api-creates` {perSecond, medianMs, p99Ms}: ConfigMaps made, each acknowledged before the next of the same client;
 * `api-watch-latency` {medianMs, p99Ms}: from sending a create to hearing its event, at each of 8 watchers.
 */

import { createKubeClient, kinds, loadKubeConfig, type KubeClient } from '@tekton-dag/kube';
import { startLocalCluster } from '@tekton-dag/local-cluster';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const CLIENTS = 8;
const CREATES = 4000;
const PACED_CREATES = 400;
const PACE_MS = 5;
const NAMESPACE = 'default';

if (process.argv[2] === 'serve') await serve(process.argv[3] ?? '');
else await measure();

async function serve(stateDir: string): Promise<void> {
  const quiet = (): void => undefined;
  const cluster = await startLocalCluster({
    stateDir,
    port: 0,
    registryPort: 0,
    selfCommand: [process.execPath],
    log: { info: quiet, warn: quiet, error: (fields, message) => console.error(message, fields) },
  });
  process.once('SIGTERM', () => void cluster.close().then(() => process.exit(0)));
  console.log(cluster.kubeconfigPath);
}

async function measure(): Promise<void> {
  const stateDir = await mkdtemp(join(tmpdir(), 'tekton-dag-bench-'));
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), 'serve', stateDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    const config = await loadKubeConfig({ env: { KUBECONFIG: String(line) }, homeDir: stateDir });
    if (!config.ok) throw new Error(`no kubeconfig: ${JSON.stringify(config.error)}`);
    await using client = createKubeClient(config.value);
    await measureCreates(client);
    await measureWatchLatency(client);
  } finally {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
    await rm(stateDir, { recursive: true, force: true });
  }
}

function configMap(name: string, labels: Record<string, string> = {}) {
  return {
    apiVersion: 'v1' as const,
    kind: 'ConfigMap' as const,
    metadata: { name, labels },
    data: { text: 'x'.repeat(200) },
  };
}

async function measureCreates(client: KubeClient): Promise<void> {
  const configMaps = client.resource(kinds.configmaps, NAMESPACE);
  const durationsMs: number[] = [];
  let next = 0;
  const runClient = async (): Promise<void> => {
    for (let index = next++; index < CREATES; index = next++) {
      const startMs = performance.now();
      await configMaps.create(configMap(`create-${index}`));
      durationsMs.push(performance.now() - startMs);
    }
  };
  const startMs = performance.now();
  await Promise.all(Array.from({ length: CLIENTS }, runClient));
  const perSecond = Math.round((CREATES / (performance.now() - startMs)) * 1000);
  const [medianMs, p99Ms] = [quantile(durationsMs, 0.5), quantile(durationsMs, 0.99)];
  console.log(
    JSON.stringify({ name: 'api-creates', perSecond, medianMs, p99Ms, clients: CLIENTS, creates: CREATES }),
  );
}

/** Paced, so that the latency of the watch is measured and not the queue of the creates. */
async function measureWatchLatency(client: KubeClient): Promise<void> {
  const configMaps = client.resource(kinds.configmaps, NAMESPACE);
  const { resourceVersion } = await configMaps.list({ limit: 1 });
  const sentMs = new Map<string, number>();
  const heardMs = new Map<string, number[]>();
  const listen = async (): Promise<void> => {
    let count = 0;
    const labelSelector = 'bench=watch';
    for await (const event of configMaps.watch({
      resourceVersion,
      labelSelector,
      signal: AbortSignal.timeout(60_000),
    })) {
      if (event.type !== 'ADDED') continue;
      const name = event.object.metadata?.name ?? '';
      heardMs.set(name, [...(heardMs.get(name) ?? []), performance.now()]);
      count += 1;
      if (count === PACED_CREATES) return;
    }
  };
  const listening = Promise.all(Array.from({ length: CLIENTS }, listen));
  for (let index = 0; index < PACED_CREATES; index += 1) {
    const name = `watch-${index}`;
    sentMs.set(name, performance.now());
    await configMaps.create(configMap(name, { bench: 'watch' }));
    await new Promise((resolve) => setTimeout(resolve, PACE_MS));
  }
  await listening;
  const latenciesMs = [...heardMs].flatMap(([name, times]) =>
    times.map((time) => time - (sentMs.get(name) ?? time)),
  );
  const [medianMs, p99Ms] = [quantile(latenciesMs, 0.5), quantile(latenciesMs, 0.99)];
  console.log(
    JSON.stringify({
      name: 'api-watch-latency',
      medianMs,
      p99Ms,
      watchers: CLIENTS,
      events: latenciesMs.length,
    }),
  );
}

function quantile(values: readonly number[], fraction: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? 0).toFixed(2));
}
