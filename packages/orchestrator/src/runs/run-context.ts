/** RunContext: what making, cancelling and repeating runs needs of the rest of the orchestrator. */

import type { KubeClient } from '@tekton-dag/kube';
import type { Store } from '@tekton-dag/store';
import type { Forges } from '../forge/forges.ts';
import type { PlatformSnapshot } from '../platform/platform-snapshot.ts';
import type { RunDefaults } from './run-params.ts';
import type { RunRequest } from './run-request.ts';

export interface RunContext {
  readonly client: KubeClient;
  readonly store: Store;
  readonly forges: Forges;
  readonly snapshot: () => Pick<PlatformSnapshot, 'teams' | 'stacks' | 'routes'>;
  readonly defaults: RunDefaults;
  /** Told of each run that was not there before, and since when the API was asked for it. */
  readonly onRunCreated: (request: RunRequest, askedAtMs: number) => void;
}
