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
import { LABEL, type PipelineRun } from '@tekton-dag/model';
import type { PlatformSnapshot } from '../platform/platform-snapshot.ts';
import { pipelineRunsIn } from './pipeline-runs.ts';
import { planAdmissions } from './plan-admissions.ts';
import { phaseOf } from './run-phase.ts';

export interface AdmissionOptions {
  readonly reflectors: readonly Reflector<PipelineRun>[];
  readonly client: KubeClient;
  readonly snapshot: () => PlatformSnapshot;
  readonly onAdmitted: (run: PipelineRun) => void;
  /** Called before each decision with every run there is. */
  readonly onRuns: (runs: readonly PipelineRun[]) => void;
  readonly onError: (error: unknown) => void;
}

/** Any change of any run asks for the one decision over all of them; changes that come meanwhile ask only once more. */
const DECISION = 'admit';

export function createAdmission(options: AdmissionOptions): Controller {
  const { reflectors, onError } = options;
  /** Let go by us, but not yet seen so by the watch. */
  const admitted = new Set<string>();
  return createController({
    reflectors: reflectors.map((reflector) => mapKeys(reflector, () => [DECISION])),
    onError,
    reconcile: async () => {
      const runs = reflectors.flatMap((reflector) => reflector.items());
      forgetSeen(admitted, runs);
      options.onRuns(runs);
      for (const run of planAdmissions(runs, slotsOf(options.snapshot()), admitted)) {
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

function forgetSeen(admitted: Set<string>, runs: readonly PipelineRun[]): void {
  const pending = new Set(runs.filter((run) => phaseOf(run) === 'pending').map((run) => keyOf(run)));
  for (const key of admitted) if (!pending.has(key)) admitted.delete(key);
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

/** How many runs of each team are in a phase. */
export function countByTeam(
  runs: readonly PipelineRun[],
  phase: 'pending' | 'live',
): ReadonlyMap<string, number> {
  const counted = runs.filter((run) => phaseOf(run) === phase);
  const byTeam = Map.groupBy(counted, (run) => run.metadata.labels?.[LABEL.team] ?? '');
  return new Map([...byTeam].map(([team, ofTeam]) => [team, ofTeam.length]));
}
