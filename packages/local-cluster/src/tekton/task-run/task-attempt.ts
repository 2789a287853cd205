/** One attempt of a TaskRun while it executes: its prepared task, its pod, its containers. */

import type { ClusterContext } from '../../contracts/cluster-context.ts';
import type { ContainerSpec } from '../../contracts/container-runtime.ts';
import type { Replacements } from '../substitution/replacements.ts';
import type { PreparedTask } from './prepare-task.ts';
import type { ContainerParts } from './render-container.ts';
import type { StopSwitch } from './stop-switch.ts';
import type { TrackedContainer } from './task-progress.ts';
import { recordProgress, type AttemptRecord } from './task-recorder.ts';
import type { TaskResult } from './task-results.ts';

/** What every attempt is given. */
export interface TaskEngine {
  readonly context: ClusterContext;
  /** Between SIGTERM and SIGKILL of a container that must stop. */
  readonly stopGraceMs: number;
}

export interface TaskAttempt {
  readonly engine: TaskEngine;
  readonly prepared: PreparedTask;
  readonly stop: StopSwitch;
  readonly podName: string;
  readonly podUid: string;
  readonly startTime: string;
  readonly steps: readonly TrackedContainer[];
  readonly sidecars: readonly TrackedContainer[];
  /** Results of the task so far. */
  results: readonly TaskResult[];
  /** `$(steps.<name>.results.*)` so far. */
  stepResults: Replacements;
}

export function recordOf(attempt: TaskAttempt): AttemptRecord {
  const { podName, startTime, steps, sidecars, results } = attempt;
  return { podName, startTime, steps, sidecars, results, spec: attempt.prepared.filledSpec };
}

/** Writes how far the attempt is. */
export function tellProgress(attempt: TaskAttempt): void {
  recordProgress(attempt.prepared.run, recordOf(attempt), attempt.engine.context);
}

/** The container as the runtime takes it. */
export function containerSpecOf(
  attempt: TaskAttempt,
  container: string,
  parts: ContainerParts,
): ContainerSpec {
  const { context } = attempt.engine;
  const { namespace } = attempt.prepared.run;
  return {
    ...parts,
    podUid: attempt.podUid,
    podName: attempt.podName,
    namespace,
    container,
    logPath: context.paths.containerLog(attempt.podUid, container),
  };
}
