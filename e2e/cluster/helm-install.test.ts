/** `helm install` on a real cluster: what it makes is what `kubectl apply` makes, and it does the whole job. */

import { kinds } from '@tekton-dag/kube';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { explainOutcome } from '../rig/explain-outcome.ts';
import type { OrchestratorClient } from '../rig/orchestrator-client.ts';
import { renderStack } from '../rig/render-stack.ts';
import { createClusterRig, type ClusterRig } from './rig/cluster-rig.ts';
import { findRunningBuild } from './rig/find-running-build.ts';
import { createHelmRelease, createReleaseSecrets, type HelmRelease } from './rig/helm-release.ts';
import { listLeftovers, plantLeftovers } from './rig/leftovers.ts';
import { endOfAuditLog, readAuditLog, type AuditPlace } from './rig/read-audit-log.ts';
import { parseGrants, readGrants } from './rig/read-grants.ts';
import { releaseValues } from './rig/release-values.ts';
import { hasHelm, NO_HELM, runOrThrow } from './rig/run-on-cluster.ts';
import { summarizeAudit, type AuditSummary } from './rig/summarize-audit.ts';

const CHECKOUT = resolve(import.meta.dirname, '../..');
const TEST_TIMEOUT_MS = 1_200_000;
const RUN_TIMEOUT_MS = 480_000;
const AUDIT_LOG = process.env['AUDIT_LOG'] ?? '';
const NO_AUDIT_LOG = 'the audit log (AUDIT_LOG is not set: this cluster keeps it to itself)';
const POLL = { timeout: 180_000, interval: 500 };
const TEST_TIME = ['--timeout', '360s'];
/** Up to the empty line: an answer may be cut anywhere. */
const WHOLE_LINE_EVENT = /^event: line\ndata: .*\n\n/m;
const acceptedSchema = z.looseObject({ pipelinerun: z.string() });
/** Of the release, and by Helm's rule of its account, too. */
const NAME = 'tekton-dag-shop';
const HANGS = 'setInterval(() => undefined, 60_000)';

let rig: ClusterRig;
let release: HelmRelease;
let values: object;
let orchestrator: OrchestratorClient;
let auditStart: AuditPlace | undefined;

async function prepare(): Promise<void> {
  if (AUDIT_LOG !== '') auditStart = await endOfAuditLog(AUDIT_LOG);
  rig = await createClusterRig({ catalogFrom: 'chart', timeoutMs: RUN_TIMEOUT_MS });
  const back = { build: { tool: 'none', 'build-command': 'node build.mjs' } };
  await rig.writeStack({ name: 'shop', apps: { front: { downstream: ['back'] }, back } });
  await rig.pushApp('front');
  await rig.pushApp('back', { 'build.mjs': '' });
  await createReleaseSecrets(rig);
  release = createHelmRelease(rig, NAME);
  values = await releaseValues(rig, { stacks: ['shop'] });
}

/** Values with a stack that the platform repository has not. */
function withUnpushedStack(): object {
  const text = renderStack({ name: 'unpushed', namespace: rig.appsNamespace, apps: { front: {} } });
  return {
    stacks: ['stacks/shop.yaml', 'stacks/unpushed.yaml'],
    stackFiles: { 'stacks/unpushed.yaml': text },
  };
}

/** What the chart adds to metadata, and helm itself. */
const ADDED = new Set([
  'app.kubernetes.io/managed-by',
  'helm.sh/chart',
  'meta.helm.sh/release-name',
  'meta.helm.sh/release-namespace',
  'argocd.argoproj.io/sync-wave',
  'tekton-dag.io/catalog-digest',
  'tekton-dag.io/catalog-revision',
  'tekton-dag.io/catalog-url',
  'kubectl.kubernetes.io/last-applied-configuration',
]);

const withoutAdded = (all: Readonly<Record<string, string>> = {}): object =>
  Object.fromEntries(Object.entries(all).filter(([key]) => !ADDED.has(key)));

async function listCatalog(namespace: string): Promise<Record<string, object>> {
  const lists = await Promise.all(
    [kinds.tasks, kinds.pipelines].map(async (kind) => await rig.client.resource(kind, namespace).list()),
  );
  return Object.fromEntries(
    lists
      .flatMap(({ items }) => items)
      .map(({ kind = '', apiVersion = '', metadata, ...rest }) => [
        `${kind} ${metadata?.name ?? ''}`,
        {
          ...rest,
          apiVersion,
          labels: withoutAdded(metadata?.labels),
          annotations: withoutAdded(metadata?.annotations),
        },
      ]),
  );
}

/** As kubectl makes them in a namespace of their own. */
async function listApplied(): Promise<Record<string, object>> {
  const { kubeconfig } = rig.settings;
  const namespace = `${rig.namespace}-applied`;
  const files = ['tasks', 'pipeline'].flatMap((directory) => ['-f', join(CHECKOUT, directory)]);
  await runOrThrow(kubeconfig, 'kubectl', 'create', 'namespace', namespace);
  try {
    await runOrThrow(kubeconfig, 'kubectl', 'apply', '--namespace', namespace, ...files);
    return await listCatalog(namespace);
  } finally {
    await rig.client.resource(kinds.namespaces).delete(namespace);
  }
}

/** Of a file of the catalog, with the release's account and Lease. */
async function grantsOf(file: string): Promise<string[]> {
  const grants = await readGrants(join(CHECKOUT, 'pipeline', file));
  return grants.map((grant) => grant.replaceAll('tekton-dag-orchestrator', NAME)).sort();
}

const namespaces = (): string[] => [rig.namespace, rig.appsNamespace];

describe.skipIf(!hasHelm)(hasHelm ? 'helm install' : NO_HELM, { timeout: TEST_TIMEOUT_MS }, () => {
  beforeAll(async () => {
    await prepare();
    await release.apply(values);
    orchestrator = await release.connect();
  }, TEST_TIMEOUT_MS);
  afterAll(() => rig?.[Symbol.asyncDispose]());

  it('makes the Tasks and Pipelines that kubectl apply -f tasks/ -f pipeline/ makes', async () => {
    const applied = await listApplied();
    expect(Object.keys(applied).length).toBeGreaterThan(10);
    expect(await listCatalog(rig.namespace)).toEqual(applied);
  });

  it('grants what the catalog grants, to accounts of the release; beyond that only what helm test needs', async () => {
    const { stdout } = await release.helm('get manifest');
    const isOfTests = (grant: string): boolean => grant.startsWith(`${NAME}-test `);
    const granted = (namespace: string): string[] =>
      parseGrants(stdout, namespace)
        .filter((grant) => !isOfTests(grant))
        .sort();
    expect(granted(rig.namespace)).toEqual(await grantsOf('rbac.yaml'));
    expect(granted(rig.appsNamespace)).toEqual(await grantsOf('rbac-apps.yaml'));
  });

  it('lets a bootstrap deploy the stack', async () => {
    const run = await rig.run('bootstrap', 'shop');
    expect(run.succeeded, explainOutcome(run)).toBe(true);
  });

  it('makes a run that succeeds out of a signed webhook; without a forge nothing is shown, and nothing fails', async () => {
    const headSha = await rig.pushApp('back', { 'behaviour.json': '{"version":"2"}' }, 'change-1');
    const change = { repository: 'acme/back', number: 1, headRef: 'change-1', headSha };
    const { status, body } = await orchestrator.deliver(change);
    expect(status, body).toBe(202);
    const { pipelinerun } = acceptedSchema.parse(JSON.parse(body));
    const run = await rig.finish(pipelinerun);
    expect(run.succeeded, explainOutcome(run)).toBe(true);
    const path = `/api/runs/${rig.namespace}/${pipelinerun}`;
    await expect.poll(async () => (await orchestrator.get(path)).body, POLL).toContain('"succeeded"');
    expect((await orchestrator.get('/readyz')).status).toBe(200);
  });

  it('cancels a run and removes what its pull request left when it is closed', async () => {
    const headSha = await rig.pushApp('back', { 'build.mjs': HANGS }, 'change-2');
    const change = { repository: 'acme/back', number: 2, headRef: 'change-2', headSha };
    expect((await orchestrator.deliver(change)).status).toBe(202);
    const { name, session } = await findRunningBuild(rig, { number: 2, app: 'back' }, RUN_TIMEOUT_MS);
    const logs = `/api/runs/${rig.namespace}/${name}/logs`;
    expect(await orchestrator.readStream(logs, WHOLE_LINE_EVENT)).toContain('"task":"prepare"');
    const leftovers = { namespace: rig.appsNamespace, session };
    await plantLeftovers(rig.client, { ...leftovers, image: rig.settings.image });
    const closed = { ...change, action: 'closed', updatedAt: '2026-01-02T05:00:00Z' };
    expect((await orchestrator.deliver(closed)).status).toBeLessThan(300);
    expect((await rig.finish(name)).reason).toMatch(/^Cancelled/);
    await expect.poll(() => listLeftovers(rig.client, leftovers), POLL).toEqual([]);
  });

  it('passes helm test; a stack that the platform repository has not fails it, and a rollback mends it', async () => {
    const good = await release.helm('test', '--logs', ...TEST_TIME);
    expect(good.code, good.stderr + good.stdout).toBe(0);
    await release.apply(values, withUnpushedStack());
    const bad = await release.helm('test', '--logs', ...TEST_TIME);
    expect(bad.code).not.toBe(0);
    expect(bad.stdout + bad.stderr).toContain('stacks/unpushed.yaml');
    await release.rollback();
    expect((await release.helm('test', ...TEST_TIME)).code).toBe(0);
  });

  describe.skipIf(AUDIT_LOG === '')(AUDIT_LOG === '' ? NO_AUDIT_LOG : 'the audit log', () => {
    let summary: AuditSummary;
    beforeAll(async () => {
      const { stdout } = await release.helm('get manifest');
      const texts = namespaces().flatMap((namespace) => [`"${namespace}"`, `:${namespace}:`]);
      summary = summarizeAudit(
        await readAuditLog(AUDIT_LOG, { from: auditStart, texts }),
        namespaces().map((namespace) => ({ namespace, granted: parseGrants(stdout, namespace) })),
      );
    });

    it('has no call of the release that was refused, or that went elsewhere', () => {
      expect(summary.accounts).toContain(NAME);
      expect(summary).toMatchObject({ refused: [], outside: [], beyond: [] });
    });

    it('has every right of its orchestrator and of helm test in use', () => {
      expect(summary.unused.filter((grant) => grant.includes(`: ${NAME}`))).toEqual([]);
    });
  });
});
