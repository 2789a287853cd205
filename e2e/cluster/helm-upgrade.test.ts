/** `helm upgrade` and `helm rollback` while webhooks come in. */

import { startFakeGitHub, type FakeForge } from '@tekton-dag/orchestrator/testing';
import { findPostgres } from '@tekton-dag/store/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { relayTcp } from './rig/relay-tcp.ts';
import { hasHelm, NO_HELM } from './rig/run-on-cluster.ts';
import { countRunsByNumber } from './rig/runs-by-number.ts';
import { isAccepted, type SentDelivery } from './rig/send-deliveries.ts';
import { createUpgradeRig, NEW_PODS, openPort, REPOSITORY, type UpgradeRig } from './rig/upgrade-rig.ts';

const TEST_TIMEOUT_MS = 1_200_000;
const RUNS_TIMEOUT = { timeout: 300_000, interval: 1_000 };
const RATE_PER_S = 5;
const HOOK = 7;
/** Each delivery asks the forge for some things. */
const UNLIMITED = 1_000_000;
const MINUTE_MS = 60_000;
/** Changes what the service answers to a webhook of the usual size. */
const SMALL_BODIES = { orchestrator: { settings: { TEKTON_DAG_MAX_BODY_BYTES: 1_024 } } };

let rig: UpgradeRig;

const podNames = async (): Promise<readonly string[]> =>
  (await rig.release.pods()).map(({ metadata }) => metadata?.name ?? '');

const numbersOf = (sent: readonly SentDelivery[]): readonly number[] => sent.map(({ number }) => number);

/** Numbers of the pull requests that have a run; none has two. */
const runsOf = async (): Promise<readonly number[]> => {
  const { client, namespace } = rig.cluster;
  const counts = await countRunsByNumber(client, namespace);
  expect([...counts.values()].filter((count) => count !== 1)).toEqual([]);
  return [...counts.keys()].sort((a, b) => a - b);
};

/** Values with a forge that is asked for deliveries of a hook. */
async function connectForge(forge: FakeForge, port: number): Promise<object> {
  const apiUrl = `http://${rig.cluster.settings.hostAddress}:${port}`;
  const tokenFile = '/etc/tekton-dag/forges/token';
  const webhooks = [{ repository: REPOSITORY, hookId: HOOK }];
  const entries = [{ ...forge.entry, apiUrl, tokenFile, webhooks }];
  await rig.createSecret('forges', { 'forges.yaml': JSON.stringify(entries), token: forge.token });
  forge.world.hookDeliveries.set(HOOK, []);
  return { ...openPort(port), orchestrator: { forges: { existingSecret: 'forges' } } };
}

/** As if they had been sent some minutes ago: what is younger than one may still be on its way. */
function listAtForge(forge: FakeForge, sent: readonly SentDelivery[]): void {
  const deliveredAt = new Date(Date.now() - 2 * MINUTE_MS).toISOString();
  for (const { id: guid, payload, status: statusCode } of sent) {
    forge.world.addHookDelivery(HOOK, { guid, payload, statusCode, event: 'pull_request', deliveredAt });
  }
}

describe.skipIf(!hasHelm)(hasHelm ? 'helm upgrade' : NO_HELM, { timeout: TEST_TIMEOUT_MS }, () => {
  const noPostgres = findPostgres() === undefined;

  beforeEach(async () => {
    rig = await createUpgradeRig();
  });
  afterEach(() => rig?.[Symbol.asyncDispose]());

  it.skipIf(noPostgres)(
    `with two replicas on Postgres${noPostgres ? ', which is not installed,' : ''} refuses no webhook, and each makes one run; nor does a rollback`,
    async () => {
      const { release, values } = rig;
      const onPostgres = await rig.startDatabase();
      await release.apply(values, onPostgres);
      const before = await podNames();
      const sent = await rig.sendDuring(RATE_PER_S, async () => {
        await release.apply(values, onPostgres, NEW_PODS);
        expect((await podNames()).filter((name) => before.includes(name))).toEqual([]);
        await release.rollback();
      });
      expect(sent.length).toBeGreaterThan(RATE_PER_S);
      expect(sent.filter((delivery) => !isAccepted(delivery))).toEqual([]);
      await expect.poll(runsOf, RUNS_TIMEOUT).toEqual(numbersOf(sent));
    },
  );

  it('with SQLite loses nothing that it answered, and fetches what it could not answer', async () => {
    const { release, values } = rig;
    await using forge = await startFakeGitHub({ rateLimit: UNLIMITED });
    const { hostname: host, port } = new URL(forge.entry.apiUrl);
    await using relay = await relayTcp(rig.cluster.settings.hostAddress, { host, port: Number(port) });
    const withForge = await connectForge(forge, relay.port);
    await release.apply(values, withForge);
    const sent = await rig.sendDuring(RATE_PER_S, () => release.apply(values, withForge, NEW_PODS));
    const accepted = numbersOf(sent.filter(isAccepted));
    expect(accepted.length).toBeGreaterThan(RATE_PER_S);
    expect(accepted.length).toBeLessThan(sent.length);
    // An answer may be late for its sender: then there is a run besides.
    const lost = async (): Promise<readonly number[]> => {
      const runs = await runsOf();
      return accepted.filter((number) => !runs.includes(number));
    };
    await expect.poll(lost, RUNS_TIMEOUT).toEqual([]);
    expect((await runsOf()).length).toBeLessThan(sent.length);
    listAtForge(forge, sent);
    await release.rollback();
    await expect.poll(runsOf, RUNS_TIMEOUT).toEqual(numbersOf(sent));
  });

  it('changes what the service does, and a rollback changes it back', async () => {
    const { release, values } = rig;
    await release.apply(values);
    const orchestrator = await release.connect();
    const opened = async (number: number): Promise<number> =>
      (await orchestrator.deliver({ repository: REPOSITORY, number })).status;
    expect(await opened(1)).toBe(202);
    await release.apply(values, SMALL_BODIES);
    await release.url();
    expect(await opened(2)).toBe(413);
    await release.rollback();
    await release.url();
    expect(await opened(2)).toBe(202);
  });
});
