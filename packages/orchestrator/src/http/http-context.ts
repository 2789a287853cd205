/** What the routes need of the rest of the orchestrator. */

import type { KubeClient } from '@tekton-dag/kube';
import type { Store } from '@tekton-dag/store';
import type { Authenticator } from '../auth/authenticator.ts';
import type { Forges } from '../forge/forges.ts';
import type { WebhookSecrets } from '../forge/webhook-secrets.ts';
import type { Metrics } from '../metrics.ts';
import type { Draining } from './draining.ts';
import type { EventStreams } from './event-stream.ts';
import type { OrchestratorConfig } from '../config/orchestrator-config.ts';
import type { PlatformSnapshot } from '../platform/platform-snapshot.ts';
import type { PlatformSource } from '../platform/platform-source.ts';
import type { Tracing } from '../telemetry/tracing.ts';

export interface HttpContext {
  /** Of the service. */
  readonly version: string;
  readonly config: OrchestratorConfig;
  readonly store: Store;
  readonly client: KubeClient;
  readonly snapshot: () => PlatformSnapshot;
  readonly platform: PlatformSource;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  /** Who may call the API. */
  readonly authenticator: Authenticator;
  readonly forges: Forges;
  readonly webhookSecrets: WebhookSecrets;
  /** Says that a delivery was stored. */
  readonly wakeDispatcher: () => void;
  /** Whether the service was told to end. */
  readonly draining: Draining;
  /** Why the service is not ready; empty when it is. */
  readonly unreadiness: () => Promise<readonly string[]>;
}

/** What the routes behind the guard need besides. */
export interface ApiContext extends HttpContext {
  /** Answers that go on. */
  readonly streams: EventStreams;
}
