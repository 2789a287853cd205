/** How far a TaskRun's containers are, and how that is told in the TaskRun's and the Pod's status. */

import type { TaskResult } from './task-results.ts';

export interface EndedContainer {
  readonly phase: 'ended';
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly exitCode: number;
  /** As kubelet says it: Completed or Error. */
  readonly reason: string;
  /** As Tekton says it: Completed, Error, Skipped, Continued, TimeoutExceeded, Cancelled. */
  readonly terminationReason: string;
  readonly results?: readonly TaskResult[];
}

export type ContainerProgress =
  | { readonly phase: 'waiting'; readonly reason?: string; readonly message?: string }
  | { readonly phase: 'running'; readonly startedAt: string }
  | EndedContainer;

export interface TrackedContainer {
  /** Name of the step or sidecar. */
  readonly name: string;
  /** Name of the container: `step-<name>` or `sidecar-<name>`. */
  readonly container: string;
  readonly image: string;
  progress: ContainerProgress;
}

type ContainerState = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** `{waiting}`, `{running}` or `{terminated}` of core/v1. */
function containerState(progress: ContainerProgress): ContainerState {
  if (progress.phase === 'running') return { running: { startedAt: progress.startedAt } };
  if (progress.phase === 'ended') {
    const { exitCode, reason, startedAt, finishedAt } = progress;
    return { terminated: { exitCode, reason, startedAt, finishedAt } };
  }
  const { message } = progress;
  return {
    waiting: { reason: progress.reason ?? 'PodInitializing', ...(message !== undefined && { message }) },
  };
}

/** An entry of the TaskRun's `status.steps`. */
export function stepState({ name, container, image, progress }: TrackedContainer): Record<string, unknown> {
  const ended = progress.phase === 'ended' ? progress : undefined;
  const results = ended?.results ?? [];
  return {
    name,
    container,
    imageID: image,
    ...containerState(progress),
    ...(ended !== undefined && { terminationReason: ended.terminationReason }),
    ...(results.length > 0 && { results }),
  };
}

/** An entry of the TaskRun's `status.sidecars`. */
export function sidecarState({
  name,
  container,
  image,
  progress,
}: TrackedContainer): Record<string, unknown> {
  return { name, container, imageID: image, ...containerState(progress) };
}

/** The Pod's status; its phase follows from the containers. */
export function podStatus(
  containers: readonly TrackedContainer[],
  startTime: string,
): Record<string, unknown> {
  return {
    phase: phaseOf(containers),
    startTime,
    hostIP: '127.0.0.1',
    containerStatuses: containers.map(({ container, image, progress }) => ({
      name: container,
      image,
      imageID: image,
      ready: progress.phase === 'running',
      started: progress.phase === 'running',
      restartCount: 0,
      lastState: {},
      state: containerState(progress),
    })),
  };
}

function phaseOf(containers: readonly TrackedContainer[]): string {
  const progresses = containers.map((one) => one.progress);
  if (progresses.some((progress) => progress.phase === 'running')) return 'Running';
  if (!progresses.every((progress) => progress.phase === 'ended')) return 'Pending';
  const isFailed = progresses.some(
    (progress) =>
      progress.phase === 'ended' && progress.terminationReason !== 'Continued' && progress.exitCode !== 0,
  );
  return isFailed ? 'Failed' : 'Succeeded';
}

/** A step that never ran because an earlier one failed. */
export function skippedContainer(now: string): EndedContainer {
  return {
    phase: 'ended',
    startedAt: now,
    finishedAt: now,
    exitCode: 1,
    reason: 'Error',
    terminationReason: 'Skipped',
  };
}

/** A step that never ran, or was stopped, because the TaskRun was cancelled or ran out of time. */
export function stoppedContainer(
  progress: ContainerProgress,
  terminationReason: string,
  now: string,
): EndedContainer {
  const startedAt = progress.phase === 'running' ? progress.startedAt : now;
  return {
    phase: 'ended',
    startedAt,
    finishedAt: now,
    exitCode: 1,
    reason: terminationReason,
    terminationReason,
  };
}
