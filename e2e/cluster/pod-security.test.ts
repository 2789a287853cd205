/** Pod Security Standards: what each level says to the pods of the tasks, and the job where `restricted` is enforced. */

import { kinds, waitFor, type ConfigMap, type KubeClient, type KubeObject } from '@tekton-dag/kube';
import type { Task } from '@tekton-dag/model';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { describeStackAnswer } from '../rig/ask-stack.ts';
import { explainOutcome } from '../rig/explain-outcome.ts';
import { createClusterRig, type ClusterRig } from './rig/cluster-rig.ts';

const TASKS = resolve(import.meta.dirname, '../../tasks');
const tasks = readdirSync(TASKS).map((file): Task => parse(readFileSync(join(TASKS, file), 'utf8')));
const BUILDER = 'build-app-buildah';
const ENFORCE = 'pod-security.kubernetes.io/enforce';
const TEST_TIMEOUT_MS = 900_000;

let rig: ClusterRig;

interface PlainPod extends KubeObject {
  readonly spec: object;
}

/** The steps as Tekton puts them into a pod; its own init containers are not ours to judge. */
function renderPod({ metadata, spec }: Task, namespace: string): PlainPod {
  const containers = spec.steps.map(({ name = '', securityContext }) => ({
    name: `step-${name}`,
    image: rig.settings.image,
    command: ['tekton-dag', 'version'],
    securityContext,
  }));
  const named = { name: `task-${metadata.name ?? ''}`, namespace };
  return { apiVersion: 'v1', kind: 'Pod', metadata: named, spec: { containers } };
}

/** The answer of admission; nothing is made. Undefined means admitted. */
async function refusalOf(client: KubeClient, pod: PlainPod): Promise<string | undefined> {
  try {
    const pods = client.resource<KubeObject>(kinds.pods, pod.metadata?.namespace);
    await pods.apply(pod, { fieldManager: 'tekton-dag-test', dryRun: true });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function setLevel(namespace: string, level: string): Promise<void> {
  const patch = { metadata: { labels: { [ENFORCE]: level } } };
  await rig.client.resource(kinds.namespaces).patch(namespace, patch, { type: 'merge' });
}

async function tektonPassesRestricted(): Promise<boolean> {
  const flags = await rig.client
    .resource<ConfigMap>(kinds.configmaps, 'tekton-pipelines')
    .get('feature-flags');
  return flags?.data?.['set-security-context'] === 'true';
}

beforeAll(async () => {
  rig = await createClusterRig({ timeoutMs: TEST_TIMEOUT_MS });
  for (const namespace of [rig.namespace, rig.appsNamespace]) await setLevel(namespace, 'restricted');
  const accounts = rig.client.resource(kinds.serviceaccounts, rig.namespace);
  await waitFor(accounts, 'default', () => true, { timeoutMs: 300_000 });
});
afterAll(async () => await rig[Symbol.asyncDispose]());

describe('level restricted', () => {
  it.each(tasks.filter(({ metadata }) => metadata.name !== BUILDER))(
    'admits the steps of task $metadata.name',
    async (task) => expect(await refusalOf(rig.client, renderPod(task, rig.namespace))).toBeUndefined(),
  );

  it('refuses of the builder only the step that builds, for its capabilities and for root', async () => {
    const builder = tasks.filter(({ metadata }) => metadata.name === BUILDER);
    const [refusal = ''] = await Promise.all(
      builder.map(async (task) => await refusalOf(rig.client, renderPod(task, rig.namespace))),
    );
    expect(refusal).toContain('SETFCAP');
    expect(new Set([...refusal.matchAll(/container \\?"([^"\\]+)/g)].map(([, name]) => name))).toEqual(
      new Set(['step-image']),
    );
  });

  it(
    'lets the whole job run, where Tekton is set to pass it',
    { timeout: TEST_TIMEOUT_MS },
    async (context) => {
      if (!(await tektonPassesRestricted()))
        context.skip("Tekton's setting set-security-context is not true here");
      await rig.writeStack({ name: 'shop', apps: { front: { downstream: ['back'] }, back: {} } });
      for (const app of ['front', 'back']) await rig.pushApp(app);
      const bootstrap = await rig.run('bootstrap', 'shop');
      expect(bootstrap.succeeded, explainOutcome(bootstrap)).toBe(true);
      const sha = await rig.pushApp('front', { 'behaviour.json': '{"version":"2"}' }, 'change');
      const run = await rig.run('pr', 'shop', '--app', 'front', '--pr', '1', '--sha', sha);
      expect(run.succeeded, explainOutcome(run)).toBe(true);
      expect(describeStackAnswer(await rig.ask('front'))).toBe('front 1 -> back 1');
    },
  );
});

describe('level baseline', () => {
  it('admits the builder', async () => {
    await setLevel(rig.namespace, 'baseline');
    for (const task of tasks) {
      expect(await refusalOf(rig.client, renderPod(task, rig.namespace)), task.metadata.name).toBeUndefined();
    }
  });
});
