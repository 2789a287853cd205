/** startOrchestrator: the service, put together from its parts. */

import type { KubeClient } from '@tekton-dag/kube';
import type { Logger } from 'pino';
import { pruneAccessRecords } from '../auth/prune-access-records.ts';
import { createReadiness } from '../create-readiness.ts';
import type { OrchestratorConfig } from '../config/orchestrator-config.ts';
import { createDraining } from '../http/draining.ts';
import { buildServer } from '../http/build-server.ts';
import { createMetrics } from '../metrics.ts';
import type { PlatformSnapshot } from '../platform/platform-snapshot.ts';
import type { ReloadOutcome } from '../platform/platform-source.ts';
import { createLogger } from '../telemetry/create-logger.ts';
import { openTracing } from '../telemetry/open-tracing.ts';
import { createAccess } from './create-access.ts';
import { createForges } from './create-forges.ts';
import { createDeliveryWorker } from './create-delivery-worker.ts';
import { openSingletons } from './open-singletons.ts';
import { startDeliveryUpkeep } from './start-delivery-upkeep.ts';
import { startPlatform } from './start-platform.ts';
import { startReporter } from './start-reporter.ts';
import { startRunControllers } from './start-run-controllers.ts';
import { startStore } from './start-store.ts';
import { startTelemetry } from './start-telemetry.ts';
import { startWebhookSecrets } from './start-webhook-secrets.ts';

const VERSION = '0.1.0';

export interface OrchestratorOptions {
  /** Stays open: whoever made it closes it. */
  readonly client: KubeClient;
  readonly log?: Logger;
}

export interface Orchestrator extends AsyncDisposable {
  /** Where it listens, e.g. `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Loads teams and stacks anew; rejects never for a file's sake. */
  reload(): Promise<ReloadOutcome>;
  /** Answers for the time of the settings, then takes no more requests, finishes the work in hand, closes the store. */
  close(): Promise<void>;
}

/** Resolves when the webhook can be answered; the cluster need not be there. Rejects with a `StoreError` or when the port is taken. */
export async function startOrchestrator(
  config: OrchestratorConfig,
  { client, log = createLogger(config) }: OrchestratorOptions,
): Promise<Orchestrator> {
  await using unfinished = new AsyncDisposableStack();
  const metrics = createMetrics(VERSION);
  const platform = await startPlatform({ config, client, log, metrics }, unfinished);
  const snapshot = (): PlatformSnapshot => platform.snapshot();
  const store = unfinished.use(await startStore(config, metrics));
  const forges = createForges(config.forges, metrics);
  const tracing = unfinished.use(
    await openTracing(config.tracing, { version: VERSION, instance: config.instance }),
  );
  const singletons = unfinished.use(openSingletons({ config, client, log, metrics }));
  const parts = { config, client, log, store, snapshot, platform, metrics, forges, tracing, singletons };
  const dispatcher = unfinished.use(createDeliveryWorker(parts));
  startDeliveryUpkeep(parts, () => dispatcher.wake());
  singletons.add('access-retention', (signal) => pruneAccessRecords(store, config, signal));
  const watch = startRunControllers(parts, unfinished);
  await startReporter(parts, unfinished);
  await startTelemetry(parts, unfinished);
  const draining = createDraining(config.drainMs);
  const checkReadiness = createReadiness({ store, watch, countStacks: () => snapshot().stacks.size });
  const server = buildServer(
    {
      ...parts,
      version: VERSION,
      authenticator: createAccess(parts),
      webhookSecrets: unfinished.use(await startWebhookSecrets(parts)),
      wakeDispatcher: () => dispatcher.wake(),
      draining,
      unreadiness: async () => (draining.hasBegun ? ['the service ends'] : checkReadiness()),
    },
    log,
  );
  unfinished.defer(() => server.close());
  const url = await server.listen({ host: config.listenHost, port: config.listenPort });
  dispatcher.start();
  singletons.start();
  const { stacks, teams } = snapshot();
  log.info({ url, stacks: stacks.size, teams: teams.size }, 'the orchestrator listens');
  const owned = unfinished.move();
  const close = async (): Promise<void> => {
    await draining.begin();
    await owned.disposeAsync();
  };
  return { url, reload: () => platform.reload(), close, [Symbol.asyncDispose]: close };
}
