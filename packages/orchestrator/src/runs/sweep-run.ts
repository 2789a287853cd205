/** sweepRun: deletes what a run left, when its own cleanup cannot have run. */

import type { KubeClient } from '@tekton-dag/kube';
import { LABEL, type PipelineRun } from '@tekton-dag/model';
import type { PlatformSnapshot } from '../platform/platform-snapshot.ts';
import { appNamespaces } from './app-namespaces.ts';
import { cleanRun } from './clean-session.ts';
import { phaseOf, succeededCondition } from './run-phase.ts';

export interface Sweep {
  readonly client: KubeClient;
  readonly snapshot: () => PlatformSnapshot;
  /** Of apps whose stack names none. */
  readonly defaultNamespace: string;
}

/** True for a run of a pull request that was cancelled without its `finally` tasks, or ran out of time in them. */
export function endedWithoutCleanup(run: PipelineRun): boolean {
  if (phaseOf(run) !== 'finished' || run.metadata.labels?.[LABEL.session] === undefined) return false;
  return run.spec.status === 'Cancelled' || succeededCondition(run)?.reason === 'PipelineRunTimeout';
}

/** `stack` is the stack's name. Safe to repeat; tells how many objects it found. */
export async function sweepRun(
  { client, snapshot, defaultNamespace }: Sweep,
  run: { readonly name: string; readonly stack: string },
): Promise<number> {
  const stacks = [...snapshot().stacks.values()].filter(({ name }) => name === run.stack);
  const namespaces = new Set(stacks.flatMap((stack) => appNamespaces(stack, defaultNamespace)));
  return await cleanRun(client, run.name, [...namespaces]);
}
