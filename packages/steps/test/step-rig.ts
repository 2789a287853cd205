/** A world for steps: a fake API server, a forge of temp repositories, a registry, and controllers that tests steer. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import {
  createKubeClient,
  createReflector,
  kinds,
  type Deployment,
  type GenericObject,
  type KubeClient,
} from '@tekton-dag/kube';
import { startFakeApiServer, type FakeApiServer } from '@tekton-dag/kube/testing';
import { LABEL, type TaskRun } from '@tekton-dag/model';
import { taskRuns } from '../src/kubernetes/run-kinds.ts';
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

/** A stack of three apps in a row; app `web` listens where the test says. */
export const stackText = (ports: Readonly<Record<string, number>> = {}, extra = ''): string => `
name: shop
description: it's "quoted" $(touch pwned) and ünï
defaults: { namespace: ${APPS} }
apps:
  - name: web
    repo: acme/web
    role: frontend
    service-port: ${ports['web'] ?? 80}
    build: { tool: none }
    downstream: [mid]
${extra}
  - name: mid
    repo: acme/mid
    role: middleware
    service-port: ${ports['mid'] ?? 80}
    build: { tool: none }
    downstream: [api]
  - name: api
    repo: acme/api
    role: persistence
    service-port: ${ports['api'] ?? 80}
    env: { GREETING: "it's $(HOME) $$5" }
    build: { tool: none }
`;

const pushedApps = new WeakMap<TempForge, Promise<Record<string, string>>>();

const pushApps = async (forge: TempForge): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(
      ['web', 'mid', 'api'].map(async (app) => {
        const files = { Dockerfile: 'FROM scratch\nCOPY . /app/\n', 'a.txt': app };
        return [app, await forge.push(`acme/${app}`, files)];
      }),
    ),
  );

const pushedPlatforms = new WeakMap<TempForge, string>();

const VERSIONS = 'apps:\n  api: { version: 0.3.0-rc.2, last-released: 0.2.9 } # kept\n';

/** Pushes the versions as they are at the beginning. */
export const pushVersions = async ({ forge }: StepRig): Promise<string> =>
  await forge.push('acme/platform', { 'stacks/versions.yaml': VERSIONS });

/** Pushes the platform repository where the stack is another one, and the apps' once; returns the apps' first commits. */
export const pushStack = async ({ forge }: StepRig, text = stackText()): Promise<Record<string, string>> => {
  const apps = pushedApps.get(forge) ?? pushApps(forge);
  pushedApps.set(forge, apps);
  if (pushedPlatforms.get(forge) !== text) {
    await forge.push('acme/platform', { 'stacks/shop.yaml': text, 'stacks/versions.yaml': VERSIONS });
  }
  pushedPlatforms.set(forge, text);
  return await apps;
};

/** Env of task prepare. */
export const prepareEnv = (rig: StepRig, overrides: Record<string, string> = {}): Record<string, string> => ({
  MODE: 'pr',
  GIT_URL: rig.forge.urlOf('acme/platform'),
  GIT_REVISION: 'main',
  STACK_FILE: 'stacks/shop.yaml',
  VERSIONS_FILE: 'stacks/versions.yaml',
  VERSION_OVERRIDES: '{}',
  TEAM: 'default',
  IMAGE_REGISTRY: `${rig.registry.host}/team`,
  CHANGED_APP: 'api',
  PR_NUMBER: '42',
  PR_REPOSITORY: 'acme/api',
  APP_REVISIONS: '{}',
  DEFAULT_REVISION: 'main',
  FORCE_REBUILD: 'false',
  MAX_PARALLEL_BUILDS: '2',
  INTERCEPT_BACKEND: 'gateway',
  ...overrides,
});

export const DIGEST = `sha256:${'d'.repeat(64)}`;

/** Writes `images.json` for apps, as step build would. */
export const putImages = async (rig: StepRig, apps: readonly string[], digest = DIGEST): Promise<void> => {
  const images = Object.fromEntries(
    apps.map((app) => [
      app,
      { image: `${rig.registry.host}/team/${app}`, digest, contentKey: 'k', reused: false },
    ]),
  );
  await rig.client
    .resource(kinds.configmaps, RUNS)
    .patch(RUN, { data: { 'images.json': JSON.stringify(images) } }, { type: 'merge' });
};

const statusOf = (ready: boolean, image: string) => ({
  podIP: '127.0.0.1',
  conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
  containerStatuses: [
    {
      name: 'app',
      image,
      restartCount: 0,
      state: ready ? {} : { waiting: { reason: 'ImagePullBackOff', message: 'no such image' } },
    },
  ],
});

const podOf = ({ metadata = {}, spec }: Deployment, ready: boolean): GenericObject => {
  const template = spec?.template;
  const image = template?.spec?.containers[0]?.image ?? '';
  return {
    metadata: {
      name: `${metadata.name}-pod`,
      namespace: String(metadata.namespace),
      labels: { ...template?.metadata?.labels },
    },
    spec: { containers: [{ name: 'app', image }] },
    status: statusOf(ready, image),
  };
};

/** Plays the Deployment controller: `decide` says what becomes of the pods. Services get cluster addresses. */
export const startWorkloads = (
  rig: StepRig,
  decide: (name: string) => 'ready' | 'image-pull' = () => 'ready',
): void => {
  const deployments = rig.client.resource(kinds.deployments);
  const reflector = createReflector(deployments);
  const settle = async (deployment: Deployment): Promise<void> => {
    const { name = '', namespace = '' } = deployment.metadata ?? {};
    if (deployment.status !== undefined) return;
    const ready = decide(name) === 'ready';
    rig.api.put(`/api/v1/namespaces/${namespace}/pods`, podOf(deployment, ready));
    const replicas = deployment.spec?.replicas;
    const counts = { replicas, updatedReplicas: replicas, availableReplicas: replicas };
    const status = ready ? counts : { replicas };
    await rig.client.resource(kinds.deployments, namespace).patch(name, { status }, { type: 'merge' });
  };
  reflector.on((change) => {
    if (change.type !== 'deleted') void settle(change.object);
  });
  const services = createReflector(rig.client.resource(kinds.services));
  services.on((change) => {
    if (change.type === 'deleted' || change.object.spec?.clusterIP !== undefined) return;
    const { name = '', namespace } = change.object.metadata ?? {};
    void rig.client
      .resource(kinds.services, namespace)
      .patch(name, { spec: { clusterIP: '127.0.0.1' } }, { type: 'merge' })
      .catch(() => undefined);
  });
  reflector.start();
  services.start();
  rig.defer(async () => {
    await reflector[Symbol.asyncDispose]();
    await services[Symbol.asyncDispose]();
  });
};

export interface BuildController {
  /** Apps in the order in which their TaskRuns appeared. */
  readonly started: readonly string[];
  /** How many were alive at once, at most. */
  readonly peak: number;
  readonly cancelled: readonly string[];
  /** Resolves when the TaskRun of an app appears. */
  appeared(app: string): Promise<void>;
  /** Ends the TaskRun of an app. */
  finish(app: string, outcome?: 'succeeded' | 'failed'): Promise<void>;
}

/** Plays Tekton for TaskRuns; with `auto` each ends as soon as it appears. */
export const startBuildController = (rig: StepRig, { auto }: { auto: boolean }): BuildController => {
  const resource = rig.client.resource(taskRuns, RUNS);
  const reflector = createReflector(resource);
  const started: string[] = [];
  const cancelled: string[] = [];
  const alive = new Map<string, TaskRun>();
  const waiters = new Map<string, PromiseWithResolvers<void>>();
  let peak = 0;
  const waiterOf = (app: string): PromiseWithResolvers<void> => {
    const waiter = waiters.get(app) ?? Promise.withResolvers<void>();
    waiters.set(app, waiter);
    return waiter;
  };
  const finish = async (app: string, outcome: 'succeeded' | 'failed' = 'succeeded'): Promise<void> => {
    const name = alive.get(app)?.metadata.name ?? '';
    alive.delete(app);
    const condition = {
      type: 'Succeeded',
      status: outcome === 'succeeded' ? 'True' : 'False',
      reason: 'x',
      message: 'it failed',
    };
    const steps = [{ name: 'compile', terminated: { exitCode: outcome === 'succeeded' ? 0 : 2 } }];
    const results = [{ name: 'IMAGE_DIGEST', value: `${DIGEST}\n` }];
    const status = { conditions: [condition], steps, results, podName: `${name}-pod` };
    await resource.patch(name, { status }, { type: 'merge' });
  };
  reflector.on((change) => {
    const app = change.object.metadata.labels?.[LABEL.app] ?? change.object.metadata.name ?? '';
    if (change.type === 'added') {
      started.push(app);
      alive.set(app, change.object);
      peak = Math.max(peak, alive.size);
      waiterOf(app).resolve();
      if (auto) void finish(app);
    }
    if (change.type === 'modified' && change.object.spec.status === 'TaskRunCancelled') cancelled.push(app);
  });
  reflector.start();
  rig.defer(async () => await reflector[Symbol.asyncDispose]());
  return {
    started,
    cancelled,
    get peak() {
      return peak;
    },
    appeared: async (app) => await waiterOf(app).promise,
    finish,
  };
};

export interface FakeApp {
  readonly port: number;
  readonly requests: { readonly path: string; readonly headers: IncomingHttpHeaders }[];
}

/** An HTTP server that answers as the test says; the header `x-tekton-dag-served-by` comes from `servedBy`. */
export const startFakeApp = async (
  rig: StepRig,
  answer: (
    headers: IncomingHttpHeaders,
    path: string,
  ) => { status?: number; servedBy?: string; body?: unknown },
): Promise<FakeApp> => {
  const requests: FakeApp['requests'] = [];
  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? '', headers: request.headers });
    const { status = 200, servedBy, body = {} } = answer(request.headers, request.url ?? '');
    response.writeHead(status, {
      'content-type': 'application/json',
      ...(servedBy === undefined ? {} : { 'x-tekton-dag-served-by': servedBy }),
    });
    response.end(JSON.stringify(body));
  });
  await listen(server, 0, '127.0.0.1');
  rig.defer(async () => await close(server));
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0, requests };
};

export const listen = async (server: Server, port: number, host: string): Promise<void> =>
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });

export const close = async (server: Server): Promise<void> => {
  server.closeAllConnections();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
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
