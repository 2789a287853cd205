/** Parts: what every part of the running service is made from. */

import type { KubeClient } from '@tekton-dag/kube';
import type { Store } from '@tekton-dag/store';
import type { Logger } from 'pino';
import type { OrchestratorConfig } from '../config/orchestrator-config.ts';
import type { Forges } from '../forge/forges.ts';
import type { Metrics } from '../metrics.ts';
import type { PlatformSnapshot } from '../platform/platform-snapshot.ts';
import type { PlatformSource } from '../platform/platform-source.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import type { Singletons } from './singletons.ts';

export interface Parts {
  readonly config: OrchestratorConfig;
  readonly client: KubeClient;
  readonly log: Logger;
  readonly store: Store;
  /** The teams and stacks as they are now; ask again for each piece of work. */
  readonly snapshot: () => PlatformSnapshot;
  /** To be told of changes, and to load anew. */
  readonly platform: PlatformSource;
  readonly metrics: Metrics;
  readonly forges: Forges;
  /** Work that one of several replicas does; add to it before the service has started. */
  readonly singletons: Singletons;
  readonly tracing: Tracing;
}
