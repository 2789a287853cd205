/**
 * How fast the local cluster's API is: a cluster in a process of its own, spoken to over HTTPS by 8 clients at once. JSON lines:
 * `api-creates` {perSecond, medianMs, p99Ms}: ConfigMaps made, each acknowledged before the next of the same client;
 * `api-watch-latency` {medianMs, p99Ms}: from sending a create to hearing its event, at each of 8 watchers.
 */

import { kinds, type KubeClient } from '@tekton-dag/kube';
import { withCluster } from './cluster/with-cluster.ts';

const CLIENTS = 8;
const CREATES = 4000;
const PACED_CREATES = 400;
const PACE_MS = 5;
const NAMESPACE = 'default';

await withCluster(async (client) => {
  await measureCreates(client);
  await measureWatchLatency(client);
});

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
