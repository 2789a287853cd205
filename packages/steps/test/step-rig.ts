/** A world for steps: a fake API server, a forge of temp repositories and a registry. */

import { createKubeClient, kinds, type KubeClient } from '@tekton-dag/kube';
import { startFakeApiServer, type FakeApiServer } from '@tekton-dag/kube/testing';
import {
  createTempForge,
  runStepForTest,
  startTestRegistry,
  type StepRun,
  type StepRunOptions,
  type TempForge,
  type TestRegistry,
} from '../src/testing/index.ts';

export const RUN = 'stack-pr-42-abcd1234';
export const RUNS = 'runs';
export const APPS = 'staging';
export const PIPELINE_RUNS = '/apis/tekton.dev/v1/namespaces/runs/pipelineruns';

export interface StepRig extends AsyncDisposable {
  readonly api: FakeApiServer;
  readonly client: KubeClient;
  readonly forge: TempForge;
  readonly registry: TestRegistry;
  run(name: string, env?: Record<string, string>, options?: Omit<StepRunOptions, 'env'>): Promise<StepRun>;
  /** A part of the run record, parsed; undefined when it was not written. */
  record(key: string): unknown;
  /** Adds something that ends with the rig. */
  defer(close: () => Promise<void>): void;
}

/** Starts it, with a PipelineRun to be part of; a forge that is handed in outlives it. */
export const createStepRig = async (shared?: TempForge): Promise<StepRig> => {
  const [api, forge, registry] = await Promise.all([
    startFakeApiServer(),
    shared ?? createTempForge(),
    startTestRegistry(),
  ]);
  const client = createKubeClient(api.config);
  api.put(PIPELINE_RUNS, {
    metadata: { name: RUN, namespace: RUNS, uid: 'run-uid' },
    spec: {
      taskRunTemplate: { serviceAccountName: 'tekton-dag-pipeline' },
      workspaces: [
        { name: 'ssh-key', secret: { secretName: 'git-key' } },
        { name: 'data', emptyDir: {} },
      ],
    },
  });
  const closers: (() => Promise<void>)[] = [];
  return {
    api,
    client,
    forge,
    registry,
    run: async (name, env = {}, options = {}) =>
      await runStepForTest(name, {
        kubeClient: client,
        ...options,
        env: {
          RUN_NAME: RUN,
          RUN_UID: 'run-uid',
          RUN_NAMESPACE: RUNS,
          GIT_BASE_URL: forge.baseUrl,
          TEKTON_DAG_IMAGE: 'ghcr.io/tekton-dag/tekton-dag:0.1.0',
          DEFAULT_NAMESPACE: APPS,
          ...env,
        },
      }),
    record(key) {
      const data = api.get('/api/v1/namespaces/runs/configmaps', RUN)?.['data'];
      const text: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, key) : undefined;
      return typeof text !== 'string' ? undefined : key.endsWith('.json') ? JSON.parse(text) : text;
    },
    defer: (close) => closers.push(close),
    async [Symbol.asyncDispose]() {
      for (const close of closers.toReversed()) await close();
      await client.close();
      await Promise.all([
        api[Symbol.asyncDispose](),
        registry[Symbol.asyncDispose](),
        shared === undefined ? forge[Symbol.asyncDispose]() : undefined,
      ]);
    },
  };
};

/** Objects of one collection by name. */
export const namesIn = async (
  rig: StepRig,
  collection: keyof typeof kinds,
  namespace: string,
): Promise<string[]> => {
  const { group, version, plural, kind, namespaced } = kinds[collection];
  const definition = { group, version, plural, kind, namespaced };
  const { items } = await rig.client.resource(definition, namespace).list();
  return items.flatMap(({ metadata }) => metadata?.name ?? []).sort();
};
