/** What one PipelineRun is asked for, whoever asks: a delivery or the API. */

import type { PlanMode, Team } from '@tekton-dag/model';

interface RunRequestBase {
  readonly name: string;
  readonly team: Team;
  /** The stack's name and its file in the platform repository. */
  readonly stack: string;
  readonly stackFile: string;
  /** App to commit or ref; apps without an entry use the pipelines' default revision. */
  readonly appRevisions: Readonly<Record<string, string>>;
  readonly forceRebuild: boolean;
  /** App to version, for this run only. */
  readonly versionOverrides: Readonly<Record<string, string>>;
  /** Which run of the same commit this is, from 1. */
  readonly attempt: number;
  /** Id of the delivery; absent for the API. */
  readonly delivery?: string;
  /** W3C Trace Context of whoever asked; the run continues that trace. */
  readonly traceparent?: string;
}

/** A run for one pull request: it is tested before the merge, or released after. */
export interface ChangeRunRequest extends RunRequestBase {
  readonly mode: Exclude<PlanMode, 'bootstrap'>;
  /** The changed apps, in alphabetical order; one at least. */
  readonly apps: readonly string[];
  /** False for a stranger's code that a maintainer has let in: no secret and no shared cache is bound. */
  readonly trusted: boolean;
  /** Heads of other pull requests that are built too, `owner/name#number@sha`. */
  readonly dependsOn: readonly string[];
  readonly pullRequest: number | undefined;
  /** The forge's host; the session is made of it. */
  readonly host: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly sha: string;
  /** Absent where no pull request is known. */
  readonly session: string | undefined;
}

/** A run for a whole stack. */
export interface BootstrapRunRequest extends RunRequestBase {
  readonly mode: 'bootstrap';
  /** Empty means all apps. */
  readonly apps: readonly string[];
}

export type RunRequest = ChangeRunRequest | BootstrapRunRequest;

/** The platform's own branches are ours to trust. */
export function isTrusted(request: RunRequest): boolean {
  return request.mode === 'bootstrap' || request.trusted;
}
