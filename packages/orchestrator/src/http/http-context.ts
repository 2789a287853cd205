/** What the routes need of the rest of the orchestrator. */

import type { KubeClient } from '@tekton-dag/kube';
import type { Store } from '@tekton-dag/store';
import type { Metrics } from '../metrics.ts';
import type { OrchestratorConfig } from '../config/orchestrator-config.ts';
import type { PlatformSnapshot } from '../platform/platform-snapshot.ts';

export interface HttpContext {
  readonly config: OrchestratorConfig;
  readonly store: Store;
  readonly client: KubeClient;
  readonly snapshot: () => PlatformSnapshot;
  readonly metrics: Metrics;
  /** Says that a delivery was stored. */
  readonly wakeDispatcher: () => void;
  /** Why the service is not ready; empty when it is. */
  readonly unreadiness: () => Promise<readonly string[]>;
}
