/** PlanRequest: everything that a plan is a function of. */

import type { BuildTool, Stack } from '../stack/stack.ts';
import type { Versions } from '../versions/versions.ts';
import type { AppRevision, PlanMode } from './plan.ts';

export interface PlanRequest {
  readonly mode: PlanMode;
  readonly team: string;
  readonly stack: Stack;
  readonly versions: Versions;
  /** App to version; wins over `versions`. */
  readonly overrides: Readonly<Record<string, string>>;
  /** The apps of the change; none means all (modes pr and merge). */
  readonly changedApps: readonly string[];
  /** Bootstrap alone: the apps to build; absent or empty means all. */
  readonly apps?: readonly string[];
  /** App to content; needed for every app that is built, in mode pr also for every app with tests. */
  readonly revisions: Readonly<Record<string, AppRevision>>;
  /** `host[:port][/path]`. */
  readonly registry: string;
  readonly compileImages?: Readonly<Partial<Record<BuildTool, string>>>;
  /** Where our images that compile are, `host[:port][/path]`; default ghcr.io/tekton-dag. */
  readonly compileRegistry?: string;
  /** Mode pr: required, a whole number from 1. */
  readonly pullRequest?: number;
  /** Mode pr: required, the repository of the change. */
  readonly repository?: string;
  /** The forge's host; default github.com. */
  readonly host?: string;
  /** Name of the run; becomes a tag of its images. */
  readonly runName?: string;
  readonly forceRebuild: boolean;
  readonly interceptBackend: string;
  readonly maxParallelBuilds: number;
  /** Namespace of apps that name none. */
  readonly defaultNamespace: string;
}

/** For previews, where no repository is at hand: stands in for a commit or tree that is not known yet. */
export const UNKNOWN_REVISION: AppRevision = { sha: '0'.repeat(40), tree: '0'.repeat(40) };
