/**
 * UpgradeRig: a release whose runs start no pod, and webhooks for it. What counts there is that each delivery is answered,
 * kept, and leads to one run.
 */

import { kinds, type Secret } from '@tekton-dag/kube';
import { createClusterRig, type ClusterRig } from './cluster-rig.ts';
import { createHelmRelease, createReleaseSecrets, WEBHOOK_SECRET, type HelmRelease } from './helm-release.ts';
import { createNeverEndingPipeline } from './never-ending-pipeline.ts';
import { releaseValues } from './release-values.ts';
import { sendDeliveries, type SentDelivery } from './send-deliveries.ts';
import { serveDatabase } from './serve-database.ts';

/** What all deliveries are of. */
export const REPOSITORY = 'acme/api';
const MOST_DELIVERIES = 10_000;
const DATABASE_SECRET = 'database';

export interface UpgradeRig extends AsyncDisposable {
  readonly cluster: ClusterRig;
  readonly release: HelmRelease;
  /** Of a first install, on SQLite. */
  readonly values: object;
  createSecret(name: string, stringData: Readonly<Record<string, string>>): Promise<void>;
  /** Webhooks come in from before `change` begins until it has ended. */
  sendDuring(ratePerS: number, change: () => Promise<unknown>): Promise<readonly SentDelivery[]>;
  /** Starts a database that ends with the rig; values that put two replicas on it. */
  startDatabase(): Promise<object>;
}

/** Values that make new pods, and change nothing else. */
export const NEW_PODS = { orchestrator: { podAnnotations: { 'example.com/change': 'yes' } } };

/** Values that let pods reach a port of this machine where network policies are enforced. */
export const openPort = (port: number): object => ({ networkPolicy: { egressPorts: [443, 6443, port] } });

async function prepareRelease(cluster: ClusterRig): Promise<Pick<UpgradeRig, 'release' | 'values'>> {
  await cluster.writeStack({ name: 'shop', apps: { api: {} } });
  await createNeverEndingPipeline(cluster.client, cluster.namespace);
  await createReleaseSecrets(cluster);
  const ofTeam = await releaseValues(cluster, { stacks: ['shop'], team: { maxConcurrentRuns: 1 } });
  const values = { ...ofTeam, catalog: { source: 'existing' } };
  return { release: createHelmRelease(cluster, 'tekton-dag'), values };
}

async function sendDuring(
  release: HelmRelease,
  ratePerS: number,
  change: () => Promise<unknown>,
): Promise<readonly SentDelivery[]> {
  const end = new AbortController();
  const load = { secret: WEBHOOK_SECRET, repository: REPOSITORY, ratePerS, most: MOST_DELIVERIES };
  const sent = sendDeliveries({ ...load, url: await release.url(), signal: end.signal });
  await change().finally(() => end.abort());
  return await sent;
}

/** Nothing is installed yet. */
export async function createUpgradeRig(): Promise<UpgradeRig> {
  await using cleanups = new AsyncDisposableStack();
  const cluster = cleanups.use(await createClusterRig({ catalogFrom: 'chart' }));
  const prepared = await prepareRelease(cluster);
  const secrets = cluster.client.resource<Secret>(kinds.secrets, cluster.namespace);
  const createSecret: UpgradeRig['createSecret'] = async (name, stringData) => {
    await secrets.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData });
  };
  const kept = cleanups.move();
  return {
    cluster,
    ...prepared,
    createSecret,
    sendDuring: (ratePerS, change) => sendDuring(prepared.release, ratePerS, change),
    async startDatabase() {
      const { url, port } = kept.use(await serveDatabase(cluster.settings.hostAddress));
      await createSecret(DATABASE_SECRET, { url });
      const postgres = { existingSecret: DATABASE_SECRET, port };
      return { ...openPort(port), orchestrator: { replicas: 2, store: { postgres } } };
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
