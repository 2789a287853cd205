/** Admission: lets pending runs go while their team has a free slot. */

import {
  createController,
  isRefusal,
  keyOf,
  mapKeys,
  type Controller,
  type KubeClient,
  type Reflector,
} from '@tekton-dag/kube';
import type { PipelineRun } from '@tekton-dag/model';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PlatformSnapshot } from '../platform/platform-snapshot.ts';
import { pipelineRunsIn } from './pipeline-runs.ts';
import { planAdmissions } from './plan-admissions.ts';
import { queueByTeam, type TeamQueue } from './queue-by-team.ts';
import { phaseOf } from './run-phase.ts';

export interface AdmissionOptions {
  readonly reflectors: readonly Reflector<PipelineRun>[];
  readonly client: KubeClient;
  readonly snapshot: () => PlatformSnapshot;
  readonly onAdmitted: (run: PipelineRun) => void;
  /** Called before each decision with what it is made from. */
  readonly onQueues: (queues: ReadonlyMap<string, TeamQueue>) => void;
  readonly onError: (error: unknown) => void;
}

/** Any change of any run asks for the one decision over all of them; changes that come meanwhile ask only once more. */
const DECISION = 'admit';

/** In a burst of changes one decision is made for all that come within this time. */
const GATHER_MS = 10;

export function createAdmission(options: AdmissionOptions): Controller {
  const { reflectors, onError } = options;
  /** Let go by us, but not yet seen so by the watch. */
  const admitted = new Set<string>();
  return createController({
    reflectors: reflectors.map((reflector) => mapKeys(reflector, () => [DECISION])),
    onError,
    reconcile: async () => {
      await sleep(GATHER_MS);
      forgetSeen(admitted, reflectors);
      const queues = queueByTeam(
        reflectors.flatMap((reflector) => reflector.items()),
        admitted,
      );
      options.onQueues(queues);
      for (const run of planAdmissions(queues, slotsOf(options.snapshot()))) {
        if (await admit(options.client, run)) {
          admitted.add(keyOf(run));
          options.onAdmitted(run);
        }
      }
    },
  });
}

function slotsOf({ teams }: PlatformSnapshot): ReadonlyMap<string, number> {
  return new Map([...teams.values()].map((team) => [team.name, team.maxConcurrentRuns]));
}

function forgetSeen(admitted: Set<string>, reflectors: readonly Reflector<PipelineRun>[]): void {
  for (const key of admitted) {
    const run = reflectors.map((reflector) => reflector.get(key)).find((found) => found !== undefined);
    if (run === undefined || phaseOf(run) !== 'pending') admitted.delete(key);
  }
}

/** False when the run changed or went since the watch showed it; the watch will tell, and the decision is made again. */
async function admit(client: KubeClient, run: PipelineRun): Promise<boolean> {
  const { name = '', namespace = '', resourceVersion } = run.metadata;
  try {
    const patch = { metadata: { resourceVersion }, spec: { status: null } };
    await pipelineRunsIn(client, namespace).patch(name, patch, { type: 'merge' });
    return true;
  } catch (error) {
    if (isRefusal(error, 'Conflict') || isRefusal(error, 'NotFound')) return false;
    throw error;
  }
}
