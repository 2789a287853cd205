/** Plan: what one run will do; the value of `plan.json` in the run record. */

import type { AppTests, Build, BuildTool, Stack } from '../stack/stack.ts';
import type { InterceptBackend } from '../team/team.ts';

/** What a plan is for: test a pull request, fill the baseline, release a merge. */
export const PLAN_MODES = ['pr', 'bootstrap', 'merge'] as const;
export type PlanMode = (typeof PLAN_MODES)[number];

/** Why a run exists: to carry out a plan, to continue a failed run of a pull request, or only to look at a stack. */
export const RUN_MODES = [...PLAN_MODES, 'continue', 'verify'] as const;
export type RunMode = (typeof RUN_MODES)[number];

/** How an image is made: layers put on the base through the registry, or buildah, which RUN needs. */
export const IMAGE_BUILDERS = ['append', 'buildah'] as const;
export type ImageBuilder = (typeof IMAGE_BUILDERS)[number];

/** The exact content of an app's repository: commit, and git tree of its context directory; both hex. */
export interface AppRevision {
  readonly sha: string;
  readonly tree: string;
  /** What its Dockerfile asks for; absent means append. */
  readonly builder?: ImageBuilder;
}

/** A call from one app to another. */
export interface Edge {
  readonly caller: string;
  readonly callee: string;
}

/** One image to make, or to find already made. */
export interface PlannedBuild {
  readonly app: string;
  /** `owner/name` or `host/owner/name`, as in the stack file. */
  readonly repository: string;
  /** Commit SHA. */
  readonly revision: string;
  readonly tree: string;
  readonly contentKey: string;
  /** Repository of the image, without tag. */
  readonly image: string;
  /** First `c-<content key>`, then the run's name where one is known. */
  readonly tags: readonly string[];
  readonly tool: BuildTool;
  /** The image whose programs compile; absent for tool `none`. */
  readonly compileImage?: string;
  readonly contextDir: string;
  readonly dockerfile: string;
  readonly builder: ImageBuilder;
  readonly build: Build;
}

/** The tests of one app; the entry apps come first. */
export interface PlannedTest {
  readonly app: string;
  readonly repository: string;
  /** Commit SHA of the files to test with. */
  readonly revision: string;
  readonly contextDir: string;
  readonly entry: boolean;
  readonly tests: AppTests;
}

/** Everything that the steps of a run need to know. Pure data, the same for the same request. */
export interface Plan {
  readonly mode: PlanMode;
  readonly team: string;
  /** Name of the stack. */
  readonly stack: string;
  readonly stackSpec: Stack;
  /** The value that marks the pull request's traffic; mode pr alone. */
  readonly session?: string;
  readonly pullRequest?: number;
  /** The repository of the change, `owner/name`. */
  readonly repository?: string;
  readonly headerName: string;
  readonly baggageKey: string;
  /** Callers before callees. */
  readonly order: readonly string[];
  readonly entries: readonly string[];
  readonly chain: readonly string[];
  readonly changedApps: readonly string[];
  readonly buildApps: readonly PlannedBuild[];
  /** Edges that the session must cross: on the way to a changed app, and out of a changed forwarder. */
  readonly requiredEdges: readonly Edge[];
  /** Apps that must pass the session on. */
  readonly requiredForwarders: readonly string[];
  /** App to version, overrides applied. */
  readonly versions: Readonly<Record<string, string>>;
  /** App to namespace. */
  readonly namespaces: Readonly<Record<string, string>>;
  readonly interceptBackend: InterceptBackend;
  readonly maxParallelBuilds: number;
  readonly forceRebuild: boolean;
  readonly tests: readonly PlannedTest[];
}
