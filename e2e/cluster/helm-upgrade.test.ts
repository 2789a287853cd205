/**
 * `helm upgrade` and `helm rollback` while webhooks come in. The runs start no pod: what counts is that each delivery is
 * answered, kept, and leads to one run.
 */

import { kinds, type Secret } from '@tekton-dag/kube';
import { startFakeGitHub } from '@tekton-dag/orchestrator/testing';
import { findPostgres } from '@tekton-dag/store/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClusterRig, type ClusterRig } from './rig/cluster-rig.ts';
import {
  createHelmRelease,
  createReleaseSecrets,
  WEBHOOK_SECRET,
  type HelmRelease,
} from './rig/helm-release.ts';
import { createNeverEndingPipeline } from './rig/never-ending-pipeline.ts';
import { relayTcp } from './rig/relay-tcp.ts';
import { releaseValues } from './rig/release-values.ts';
import { hasHelm, NO_HELM } from './rig/run-program.ts';
import { countRunsByNumber } from './rig/runs-by-number.ts';
import { isAccepted, sendDeliveries, type SentDelivery } from './rig/send-deliveries.ts';
import { serveDatabase } from './rig/serve-database.ts';

const TEST_TIMEOUT_MS = 600_000;
const RUNS_TIMEOUT = { timeout: 120_000, interval: 1_000 };
const RATE_PER_S = 5;
const MOST_DELIVERIES = 3_000;
const REPOSITORY = 'acme/api';
const HOOK = 7;
/** Each delivery asks the forge for some things. */
const UNLIMITED = 1_000_000;
const MINUTE_MS = 60_000;

let rig: ClusterRig;
let release: HelmRelease;
let values: object;

beforeEach(async () => {
  if (!hasHelm) return;
  rig = await createClusterRig({ catalogFrom: 'chart' });
  await rig.writeStack({ name: 'shop', apps: { api: {} } });
  await createNeverEndingPipeline(rig.client, rig.namespace);
  await createReleaseSecrets(rig);
  release = createHelmRelease(rig, 'tekton-dag');
  values = await releaseValues(rig, { stacks: ['shop'], team: { maxConcurrentRuns: 1 } });
});
afterEach(() => rig?.[Symbol.asyncDispose]());

const createSecret = async (name: string, stringData: Readonly<Record<string, string>>): Promise<void> => {
  const secret: Secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData };
  await rig.client.resource<Secret>(kinds.secrets, rig.namespace).create(secret);
};

/** Webhooks come in from before `change` begins until it has ended. */
async function sendDuring(change: () => Promise<unknown>): Promise<readonly SentDelivery[]> {
  const end = new AbortController();
  const load = sendDeliveries({
    url: await release.url(),
    secret: WEBHOOK_SECRET,
    repository: REPOSITORY,
    ratePerS: RATE_PER_S,
    most: MOST_DELIVERIES,
    signal: end.signal,
  });
  await change().finally(() => end.abort());
  return await load;
}

const podNames = async (): Promise<readonly string[]> =>
  (await release.pods()).map(({ metadata }) => metadata?.name ?? '');

const numbersOf = (sent: readonly SentDelivery[]): readonly number[] => sent.map(({ number }) => number);

const runsOf = async (): Promise<readonly number[]> => {
  const counts = await countRunsByNumber(rig.client, rig.namespace);
  expect([...counts.values()].filter((count) => count !== 1)).toEqual([]);
  return [...counts.keys()].sort((a, b) => a - b);
};

/** The service as it would run with a smaller limit. */
const SMALL = { orchestrator: { settings: { TEKTON_DAG_MAX_BODY_BYTES: 1_024 } } };
/** New pods, and nothing else that tells. */
const NEW_PODS = { orchestrator: { podAnnotations: { 'example.com/change': 'yes' } } };

describe.skipIf(!hasHelm)(hasHelm ? 'helm upgrade' : NO_HELM, { timeout: TEST_TIMEOUT_MS }, () => {
  const noPostgres = findPostgres() === undefined;
  it.skipIf(noPostgres)(
    'with two replicas on Postgres refuses no webhook, and each makes one run; nor does a rollback',
    async () => {
      await using database = await serveDatabase(rig.settings.hostAddress);
      await createSecret('database', { url: database.url });
      const onPostgres = {
        orchestrator: { replicas: 2, store: { postgres: { existingSecret: 'database' } } },
        networkPolicy: { egressPorts: [443, 6443, database.port] },
        catalog: { source: 'existing' },
      };
      await release.apply(values, onPostgres);
      const before = await podNames();
      const sent = await sendDuring(async () => {
        await release.apply(values, onPostgres, NEW_PODS);
        expect((await podNames()).some((name) => before.includes(name))).toBe(false);
        await release.rollback();
      });
      expect(sent.length).toBeGreaterThan(RATE_PER_S);
      expect(sent.filter((delivery) => !isAccepted(delivery))).toEqual([]);
      await expect.poll(runsOf, RUNS_TIMEOUT).toEqual(numbersOf(sent));
    },
  );

  it('with SQLite loses nothing that it answered, and fetches what it could not answer', async () => {
    await using forge = await startFakeGitHub({ rateLimit: UNLIMITED });
    const { hostname, port } = new URL(forge.entry.apiUrl);
    const { hostAddress } = rig.settings;
    await using relay = await relayTcp(hostAddress, { host: hostname, port: Number(port) });
    const entry = {
      ...forge.entry,
      apiUrl: `http://${hostAddress}:${relay.port}`,
      tokenFile: '/etc/tekton-dag/forges/token',
      webhooks: [{ repository: REPOSITORY, hookId: HOOK }],
    };
    await createSecret('forges', { 'forges.yaml': JSON.stringify([entry]), token: forge.token });
    forge.world.hookDeliveries.set(HOOK, []);
    const withForge = {
      orchestrator: { forges: { existingSecret: 'forges' } },
      networkPolicy: { egressPorts: [443, 6443, relay.port] },
      catalog: { source: 'existing' },
    };
    await release.apply(values, withForge);
    const sent = await sendDuring(() => release.apply(values, withForge, NEW_PODS));
    const accepted = numbersOf(sent.filter(isAccepted));
    expect(accepted.length).toBeGreaterThan(RATE_PER_S);
    expect(accepted.length).toBeLessThan(sent.length);
    await expect.poll(runsOf, RUNS_TIMEOUT).toEqual(accepted);
    // GitHub sent them some minutes ago: what is younger than one may still be on its way.
    const deliveredAt = new Date(Date.now() - 2 * MINUTE_MS).toISOString();
    for (const { id: guid, payload, status: statusCode } of sent) {
      const delivery = { guid, payload, statusCode, event: 'pull_request', deliveredAt };
      forge.world.addHookDelivery(HOOK, delivery);
    }
    await release.rollback();
    await expect.poll(runsOf, RUNS_TIMEOUT).toEqual(numbersOf(sent));
  });

  it('changes what the service does, and a rollback changes it back', async () => {
    const existing = { catalog: { source: 'existing' } };
    await release.apply(values, existing);
    const orchestrator = await release.connect();
    const opened = async (number: number): Promise<number> =>
      (await orchestrator.deliver({ repository: REPOSITORY, number })).status;
    expect(await opened(1)).toBe(202);
    await release.apply(values, existing, SMALL);
    expect(await opened(2)).toBe(413);
    await release.rollback();
    expect(await opened(2)).toBe(202);
  });
});
