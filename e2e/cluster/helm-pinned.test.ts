/** A release with `catalog.source: git`: it installs no Task and no Pipeline, and its runs fetch them at a commit. */

import { kinds } from '@tekton-dag/kube';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { explainOutcome } from '../rig/explain-outcome.ts';
import { markedCatalog } from '../rig/marked-catalog.ts';
import type { OrchestratorClient } from '../rig/orchestrator-client.ts';
import { createClusterRig, type ClusterRig } from './rig/cluster-rig.ts';
import { createHelmRelease, createReleaseSecrets, type HelmRelease } from './rig/helm-release.ts';
import { releaseValues } from './rig/release-values.ts';
import { hasHelm, NO_HELM } from './rig/run-on-cluster.ts';

const TEST_TIMEOUT_MS = 1_200_000;
const RUN_TIMEOUT_MS = 480_000;
const POLL = { timeout: 180_000, interval: 500 };
const MARK = 'of the pinned commit';
const acceptedSchema = z.looseObject({ pipelinerun: z.string() });
const detailSchema = z.looseObject({ state: z.string(), provenance: z.unknown() });

let rig: ClusterRig;
let release: HelmRelease;
let orchestrator: OrchestratorClient;
let catalog: { readonly url: string; readonly revision: string };
let tested: string;

async function prepare(): Promise<void> {
  rig = await createClusterRig({ catalogFrom: 'chart', timeoutMs: RUN_TIMEOUT_MS });
  await rig.writeStack({ name: 'shop', apps: { front: { downstream: ['back'] }, back: {} } });
  for (const app of ['front', 'back']) await rig.pushApp(app);
  const revision = await rig.forge.push('acme/catalog', await markedCatalog(MARK));
  await rig.forge.push('acme/catalog', await markedCatalog('of a later commit'));
  catalog = { url: rig.forge.urlOf('acme/catalog'), revision };
  await createReleaseSecrets(rig);
  release = createHelmRelease(rig, 'tekton-dag');
  await release.apply(await releaseValues(rig, { stacks: ['shop'] }), {
    catalog: { source: 'git', ...catalog },
  });
  orchestrator = await release.connect();
}

async function expectPinned(name: string): Promise<void> {
  const run = await rig.finish(name);
  expect(run.succeeded, explainOutcome(run)).toBe(true);
  expect(new Set(run.taskRuns.map(({ status }) => status?.taskSpec?.description))).toEqual(new Set([MARK]));
}

async function readDetail(name: string): Promise<z.output<typeof detailSchema>> {
  const { body } = await orchestrator.get(`/api/runs/${rig.namespace}/${name}`);
  return detailSchema.parse(JSON.parse(body));
}

describe.skipIf(!hasHelm)(
  hasHelm ? 'a release whose catalog is fetched from Git' : NO_HELM,
  { timeout: TEST_TIMEOUT_MS },
  () => {
    beforeAll(prepare, TEST_TIMEOUT_MS);
    afterAll(() => rig?.[Symbol.asyncDispose]());

    it('installs no Task and no Pipeline', async () => {
      for (const kind of [kinds.tasks, kinds.pipelines]) {
        expect((await rig.client.resource(kind, rig.namespace).list()).items).toEqual([]);
      }
    });

    it('passes helm test', async () => {
      const outcome = await release.helm('test', '--logs', '--timeout', '360s');
      expect(outcome.code, outcome.stderr + outcome.stdout).toBe(0);
    });

    it('makes runs out of webhooks that take every task from the commit', async () => {
      const pinned = ['--catalog-url', catalog.url, '--catalog-revision', catalog.revision];
      await expectPinned(await rig.createRun('bootstrap', 'shop', ...pinned));
      const headSha = await rig.pushApp('back', { 'behaviour.json': '{"version":"2"}' }, 'change-1');
      const change = { repository: 'acme/back', number: 1, headRef: 'change-1', headSha };
      const { status, body } = await orchestrator.deliver(change);
      expect(status, body).toBe(202);
      tested = acceptedSchema.parse(JSON.parse(body)).pipelinerun;
      await expectPinned(tested);
    });

    it('tells of them which commits they were made of', async () => {
      await expect.poll(async () => (await readDetail(tested)).state, POLL).toBe('succeeded');
      expect((await readDetail(tested)).provenance).toEqual({
        platform: {
          url: rig.forge.urlOf('acme/platform'),
          revision: expect.stringMatching(/^[0-9a-f]{40}$/),
        },
        catalog: { ...catalog, pinned: true },
      });
    });
  },
);
