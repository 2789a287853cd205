/** The types of the event log, and what the data of each says. Closed: readers may branch on them. */

import type { RunState } from '@tekton-dag/store';

/** Of `run.queued`, `run.started` and `run.finished`; times are RFC 3339. */
export interface RunEventData {
  readonly namespace: string;
  readonly name: string;
  readonly pipeline: string;
  readonly mode: string;
  readonly stack: string;
  readonly apps: readonly string[];
  readonly host: string;
  readonly repository: string;
  readonly pull_request: number | null;
  readonly sha: string;
  readonly attempt: number;
  readonly delivery: string;
  readonly state: RunState;
  /** Tekton's reason; empty before the end. */
  readonly reason: string;
  readonly started: string | null;
  readonly finished: string | null;
}

/** Of `change.merged`: a pull request became part of a branch that releases. */
export interface ChangeEventData {
  readonly host: string;
  readonly repository: string;
  readonly pull_request: number;
  readonly sha: string;
  readonly delivery: string;
}

/** Of `artifact.published`: a release pushed an image. */
export interface ArtifactEventData {
  readonly namespace: string;
  readonly run: string;
  readonly app: string;
  readonly version: string;
  /** Repository without tag. */
  readonly image: string;
  readonly digest: string;
}

/** Of `tests.finished`: the tests of a run have a verdict. */
export interface TestsEventData {
  readonly namespace: string;
  readonly run: string;
  readonly stack: string;
  readonly outcome: 'pass' | 'fail';
  readonly tests: number;
  readonly failures: number;
}

/** Of `delivery.decided`: what a webhook request leads to; `runs` are the names that it may make. */
export interface DeliveryEventData {
  readonly host: string;
  readonly id: string;
  readonly event: string;
  readonly action: string;
  readonly repository: string;
  readonly decision: string;
  /** Why it leads to nothing; null when it leads to something. */
  readonly reason: string | null;
  readonly runs: readonly string[];
}

export interface EventDataByType {
  readonly 'delivery.decided': DeliveryEventData;
  readonly 'run.queued': RunEventData;
  readonly 'run.started': RunEventData;
  readonly 'run.finished': RunEventData;
  readonly 'change.merged': ChangeEventData;
  readonly 'artifact.published': ArtifactEventData;
  readonly 'tests.finished': TestsEventData;
}

export type EventType = keyof EventDataByType;
