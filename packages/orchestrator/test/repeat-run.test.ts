/** Which token reads the catalog of a run that is made again. */

import { createKubeClient, type KubeClient } from '@tekton-dag/kube';
import { startFakeApiServer, type FakeApiServer } from '@tekton-dag/kube/testing';
import type { PipelineRun } from '@tekton-dag/model';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { repeatRun } from '../src/runs/repeat-run.ts';

const OURS = 'https://git.example.com/acme/tekton-dag';
const REVISION = 'c'.repeat(40);

let api: FakeApiServer;
let client: KubeClient;

beforeEach(async () => {
  api = await startFakeApiServer();
  client = createKubeClient(api.config);
});
afterEach(async () => {
  await client.close();
  await api[Symbol.asyncDispose]();
});

/** A run that ended, of an installed catalog that says where it is from. */
const runOf = (catalogUrl: string): PipelineRun => ({
  apiVersion: 'tekton.dev/v1',
  kind: 'PipelineRun',
  metadata: {
    name: 'stack-verify-abcdefgh',
    namespace: 'shop',
    labels: { 'tekton-dag.io/mode': 'verify' },
    annotations: {
      'tekton-dag.io/catalog-url': catalogUrl,
      'tekton-dag.io/catalog-revision': REVISION,
    },
  },
  spec: { pipelineRef: { name: 'stack-dag-verify' } },
  status: {
    conditions: [{ type: 'Succeeded', status: 'True', reason: 'Succeeded' }],
    results: [{ name: 'platform-revision', value: 'd'.repeat(40) }],
  },
});

it.each([
  ['is that of the settings for their repository', OURS, { name: 'gitToken', value: 'reader' }],
  ['is shown to no other repository that a run names', 'https://git.example.org/x', undefined],
])('the token %s', async (_what, url, token) => {
  const catalog = { url: OURS, revision: 'a'.repeat(40), tokenSecret: 'reader' };
  const again = await repeatRun(client, runOf(url), { attempt: 1, catalog });
  const params = again.ok ? (again.value.spec.pipelineRef?.params ?? []) : [];
  expect(params).toContainEqual({ name: 'url', value: url });
  expect(params.find(({ name }) => name === 'gitToken')).toEqual(token);
});
