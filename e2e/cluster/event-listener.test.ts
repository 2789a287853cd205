/** The chart's EventListener on a real Tekton Triggers, and the commands of the runbook at the same release. */

import { pullRequestPayload, signDelivery } from '@tekton-dag/orchestrator/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readBlocks } from '../documents/read-blocks.ts';
import { runPage } from '../documents/run-page.ts';
import type { OrchestratorClient } from '../rig/orchestrator-client.ts';
import { OWNER } from '../rig/render-stack.ts';
import { createClusterRig, type ClusterRig } from './rig/cluster-rig.ts';
import {
  createHelmRelease,
  createReleaseSecrets,
  WEBHOOK_SECRET,
  type HelmRelease,
} from './rig/helm-release.ts';
import { hasResource } from './rig/has-resource.ts';
import { postThroughServer } from './rig/post-through-server.ts';
import { endOfAuditLog, readAuditLog, type AuditPlace } from './rig/read-audit-log.ts';
import { releaseValues } from './rig/release-values.ts';
import { hasHelm, NO_HELM } from './rig/run-on-cluster.ts';
import { summarizeAudit } from './rig/summarize-audit.ts';

const CHECKOUT = resolve(import.meta.dirname, '../..');
const TEST_TIMEOUT_MS = 900_000;
const POLL = { timeout: 300_000, interval: 500 };
const NAME = 'tekton-dag-hooks';
/** More than the orchestrator takes, when it is wrapped. */
const LARGE_BYTES = 30_000_000;
const AUDIT_LOG = process.env['AUDIT_LOG'] ?? '';
/** The code of pull requests is built elsewhere: everything here passes. */
const RESTRICTED = { 'pod-security.kubernetes.io/enforce': 'restricted' };
const canRun = hasHelm && (await hasResource('eventlisteners.triggers.tekton.dev'));
const MISSING = hasHelm ? 'Tekton Triggers, which the cluster does not have' : NO_HELM;
const deliveriesSchema = z.array(z.looseObject({ id: z.string() }));

let rig: ClusterRig;
let release: HelmRelease;
let orchestrator: OrchestratorClient;
let auditStart: AuditPlace | undefined;

interface Sent {
  readonly secret?: string;
  /** Instead of what a forge would send. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What becomes of the body after it was signed. */
  readonly change?: (body: Buffer) => Buffer;
}

/** What the EventListener answers to a delivery; it says the same whatever it thinks of the signature. */
async function send(number: number, sent: Sent = {}): Promise<number> {
  const { secret = WEBHOOK_SECRET, change = (body) => body } = sent;
  const payload = pullRequestPayload({ repository: `${OWNER}/front`, number, title: '<b>Grüße</b> & more' });
  const { headers, body } = signDelivery(payload, { secret, id: `delivery-${number}` });
  const { status } = await postThroughServer(rig.settings.kubeconfig, {
    namespace: rig.namespace,
    service: `el-${NAME}`,
    port: '8080',
    headers: { ...headers, ...sent.headers },
    body: change(Buffer.from(body)),
  });
  return status;
}

async function deliveries(): Promise<readonly string[]> {
  const { body } = await orchestrator.get('/api/deliveries');
  return deliveriesSchema.parse(JSON.parse(body)).map(({ id }) => id);
}

describe.skipIf(!canRun)(
  canRun ? 'a release with an EventListener' : MISSING,
  { timeout: TEST_TIMEOUT_MS },
  () => {
    beforeAll(async () => {
      if (AUDIT_LOG !== '') auditStart = await endOfAuditLog(AUDIT_LOG);
      rig = await createClusterRig({ catalogFrom: 'chart', namespaceLabels: RESTRICTED });
      await rig.writeStack({ name: 'shop', apps: { front: {} } });
      await createReleaseSecrets(rig);
      release = createHelmRelease(rig, NAME);
      const triggers = { enabled: true, webhookSecret: { name: 'tekton-dag-webhook' } };
      await release.apply(await releaseValues(rig, { stacks: ['shop'] }), {
        triggers,
        tests: { enabled: false },
      });
      orchestrator = await release.connect();
    }, TEST_TIMEOUT_MS);
    afterAll(async () => {
      // Its ClusterRole is in no namespace.
      await release?.uninstall();
      await rig?.[Symbol.asyncDispose]();
    });

    it('hands a signed delivery on, which becomes a run, and no other', async () => {
      await expect.poll(() => send(1, { secret: 'a secret that is not the one' }), POLL).toBe(202);
      expect(await send(2)).toBe(202);
      await expect.poll(() => deliveries(), POLL).toEqual(['delivery-2']);
      const runs = async (): Promise<string> => (await orchestrator.get('/api/runs')).body;
      await expect.poll(runs, POLL).toMatch(/"name":"stack-pr-2-/);
      expect(await runs()).not.toMatch(/"name":"stack-pr-1-/);
    });

    it('hands nothing on that is not signed as it is, and one delivery once', async () => {
      const signature = 'x-hub-signature-256';
      await send(10, { headers: { [signature]: '' } });
      await send(11, { headers: { [signature]: `sha256=${'0'.repeat(64)}` } });
      await send(12, { change: (body) => Buffer.concat([body, Buffer.from(' ')]) });
      await send(13, { change: (body) => Buffer.from(body.toString('utf8').replace('Gr', 'GR')) });
      // Not UTF-8: JSON would hand on other bytes than were signed.
      await send(14, { change: (body) => Buffer.concat([body.subarray(0, -1), Buffer.from([0xff, 0x7d])]) });
      // It reads for five seconds (readtimeout of Tekton Triggers), and closes over what has not come by then.
      await send(15, { change: () => Buffer.alloc(LARGE_BYTES, 'x') }).catch(() => undefined);
      await send(16, { headers: { 'x-github-delivery': 'delivery-2' } });
      await send(2);
      await send(17, { headers: { 'content-type': 'application/x-www-form-urlencoded' } });
      await send(18);
      await expect.poll(() => deliveries(), POLL).toContain('delivery-18');
      expect((await deliveries()).toSorted()).toEqual(['delivery-18', 'delivery-2']);
      const runs = async (): Promise<string> => (await orchestrator.get('/api/runs')).body;
      await expect.poll(runs, POLL).toMatch(/"name":"stack-pr-18-/);
      expect((await runs()).match(/"name":"stack-pr-2-/g)).toHaveLength(1);
      expect(await runs()).not.toMatch(/"name":"stack-pr-1[0-7]-/);
    });

    it.skipIf(AUDIT_LOG === '')('asks the API server for nothing that it may not', async () => {
      const events = await readAuditLog(AUDIT_LOG, { from: auditStart, texts: [`${NAME}-event-listener`] });
      const { accounts, refused } = summarizeAudit(events, [{ namespace: rig.namespace, granted: [] }]);
      expect([...accounts]).toContain(`${NAME}-event-listener`);
      expect(refused).toEqual([]);
    });

    it('is looked at and restarted with the commands of the runbook', async () => {
      const root = await mkdtemp(join(tmpdir(), 'tekton-dag-runbook-'));
      const { kubeconfig: KUBECONFIG } = rig.settings;
      const place = { NAMESPACE: rig.namespace, RELEASE: NAME, SERVICE: NAME };
      const { code, output } = await runPage(await readBlocks(CHECKOUT, 'docs/runbook.md'), {
        root,
        cwd: CHECKOUT,
        env: { PATH: process.env['PATH'] ?? '', HOME: root, KUBECONFIG, ...place },
        signal: AbortSignal.timeout(TEST_TIMEOUT_MS),
      });
      await rm(root, { recursive: true });
      expect(code, output).toBe(0);
      expect(output).toContain('delivery-2');
      expect(output).toMatch(/tekton_dag_leader 1/);
    });
  },
);
