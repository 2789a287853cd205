/** startOrchestrator: the service, put together from its parts. */

import { createReflector, type KubeClient, type Reflector } from '@tekton-dag/kube';
import { LABEL, MANAGED_BY, type PipelineRun } from '@tekton-dag/model';
import { openStore, type RunRow, type Store } from '@tekton-dag/store';
import { pino, type Logger } from 'pino';
import { checkReadiness } from './check-readiness.ts';
import { dispatchDelivery } from './deliveries/dispatch-delivery.ts';
import { createDispatcher } from './deliveries/dispatcher.ts';
import { buildServer } from './http/build-server.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import type { OrchestratorConfig } from './orchestrator-config.ts';
import { loadPlatform } from './platform/load-platform.ts';
import type { PlatformSnapshot } from './platform/platform-snapshot.ts';
import { createAdmission } from './runs/admission.ts';
import { pipelineRunsIn } from './runs/pipeline-runs.ts';
import type { TeamQueue } from './runs/queue-by-team.ts';
import { createRunRecorder } from './runs/record-runs.ts';
import { sweepRun } from './runs/sweep-run.ts';

const VERSION = '0.1.0';

export interface OrchestratorOptions {
  /** Stays open: whoever made it closes it. */
  readonly client: KubeClient;
  readonly log?: Logger;
}

export interface Orchestrator extends AsyncDisposable {
  /** Where it listens, e.g. `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Takes no more requests, finishes the work in hand, closes the store. */
  close(): Promise<void>;
}

/** Resolves when the webhook can be answered; the cluster need not be there. Rejects with a `StoreError` or when the port is taken. */
export async function startOrchestrator(
  config: OrchestratorConfig,
  { client, log = pino({ level: config.logLevel }) }: OrchestratorOptions,
): Promise<Orchestrator> {
  const platform = await loadPlatform(config);
  for (const problem of platform.problems) log.error({ problem }, 'a file of the platform is invalid');
  await using unfinished = new AsyncDisposableStack();
  const store = unfinished.use(await openStore({ url: config.storeUrl.reveal() }));
  await store.deliveries.releaseClaims(config.instance);
  const parts = { config, client, log, store, snapshot: () => platform, metrics: createMetrics(VERSION) };
  const dispatcher = unfinished.use(createDeliveryWorker(parts));
  startRunControllers(parts, unfinished);
  const server = buildServer(
    {
      ...parts,
      wakeDispatcher: () => dispatcher.wake(),
      unreadiness: () => checkReadiness({ client, store, snapshot: platform }),
    },
    log,
  );
  unfinished.defer(() => server.close());
  const url = await server.listen({ host: config.listenHost, port: config.listenPort });
  dispatcher.start();
  log.info({ url, stacks: platform.stacks.size, teams: platform.teams.size }, 'the orchestrator listens');
  const owned = unfinished.move();
  const close = (): Promise<void> => owned.disposeAsync();
  return { url, close, [Symbol.asyncDispose]: close };
}

interface Parts {
  readonly config: OrchestratorConfig;
  readonly client: KubeClient;
  readonly log: Logger;
  readonly store: Store;
  readonly snapshot: () => PlatformSnapshot;
  readonly metrics: Metrics;
}

function createDeliveryWorker({ config, client, log, store, snapshot, metrics }: Parts) {
  return createDispatcher({
    store,
    log,
    owner: config.instance,
    onOutcome: (outcome) => metrics.dispatches.inc({ outcome }),
    dispatch: (delivery) =>
      dispatchDelivery(
        {
          client,
          store,
          snapshot,
          defaults: config,
          onRunCreated: ({ name, mode }, { id, receivedAtMs }) => {
            metrics.eventToRunSeconds.observe({ mode }, (Date.now() - receivedAtMs) / 1_000);
            log.info({ run: name, delivery: id }, 'run created');
          },
        },
        delivery,
      ),
  });
}

/** One watch per namespace feeds both the history and the admission. */
function startRunControllers(parts: Parts, stack: AsyncDisposableStack): void {
  const { client, log, snapshot, store, metrics } = parts;
  const namespaces = new Set([...snapshot().teams.values()].map((team) => team.namespace));
  const reflectors = [...namespaces].map((namespace) => reflectRuns(parts, namespace));
  const recorder = createRunRecorder({
    reflectors,
    store,
    sweep: (run) => sweepEndedRun(parts, run),
    onError: (error, key) => log.error({ err: error, run: key }, 'a run cannot be recorded'),
  });
  const admission = createAdmission({
    reflectors,
    client,
    snapshot,
    onQueues: (queues) => showQueues(metrics, queues),
    onAdmitted: (run) => {
      const { name, creationTimestamp = '', labels = {} } = run.metadata;
      metrics.admissionWaitSeconds.observe(
        { team: labels[LABEL.team] ?? '' },
        (Date.now() - Date.parse(creationTimestamp)) / 1_000,
      );
      log.info({ run: name }, 'run admitted');
    },
    onError: (error) => log.error({ err: error }, 'admission failed'),
  });
  recorder.start();
  admission.start();
  stack.use(recorder);
  stack.use(admission);
  void recordMissing(parts, reflectors, (key) => recorder.enqueue(key));
}

async function sweepEndedRun({ client, config, snapshot, log }: Parts, run: RunRow): Promise<void> {
  const sweep = { client, snapshot, defaultNamespace: config.defaultNamespace };
  const count = await sweepRun(sweep, run);
  if (count > 0) log.info({ run: run.name, count }, 'a run that ended without its cleanup was swept');
}

function reflectRuns({ client, log }: Parts, namespace: string): Reflector<PipelineRun> {
  return createReflector(pipelineRunsIn(client, namespace), {
    labelSelector: `${LABEL.managedBy}=${MANAGED_BY}`,
    onError: (error, retryInMs) => log.warn({ err: error, namespace, retryInMs }, 'runs cannot be watched'),
  });
}

/** Runs that were deleted while nobody watched: the store still has them open. */
async function recordMissing(
  { store, log }: Parts,
  reflectors: readonly Reflector<PipelineRun>[],
  enqueue: (key: string) => void,
): Promise<void> {
  try {
    await Promise.all(reflectors.map(({ synced }) => synced));
    for (const { namespace, name } of await store.runs.listOpen()) enqueue(`${namespace}/${name}`);
  } catch (error) {
    log.warn({ err: error }, 'open runs of the history cannot be checked');
  }
}

function showQueues({ pendingRuns, liveRuns }: Metrics, queues: ReadonlyMap<string, TeamQueue>): void {
  pendingRuns.reset();
  liveRuns.reset();
  for (const [team, { pending, live }] of queues) {
    pendingRuns.set({ team }, pending.length);
    liveRuns.set({ team }, live.length);
  }
}
