/** ForgeClient: what we ask of a forge's API. Every method rejects with a `ForgeError`. */

import type { Change } from './change.ts';

export interface PullRequest {
  readonly change: Change;
  readonly state: 'open' | 'closed';
  readonly merged: boolean;
  readonly draft: boolean;
  readonly title: string;
  /** The author is a program. */
  readonly byBot: boolean;
  readonly body: string;
  readonly labels: readonly string[];
  /** What it was merged as. */
  readonly mergeSha?: string;
}

/** From less to more; each holds what those before it do. */
export const PERMISSIONS = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;
export type Permission = (typeof PERMISSIONS)[number];

export type CheckConclusion =
  'success' | 'failure' | 'neutral' | 'cancelled' | 'skipped' | 'timed_out' | 'action_required';

/** Lines count from 1. */
export interface CheckAnnotation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly level: 'notice' | 'warning' | 'failure';
  readonly title: string;
  readonly message: string;
}

/** Where a forge has no check runs it becomes a commit status: name, title and link. */
export interface CheckReport {
  /** Of the check to update; absent: a new one. */
  readonly id?: string;
  readonly repository: string;
  readonly headSha: string;
  readonly name: string;
  readonly status: 'queued' | 'in_progress' | 'completed';
  /** Required with `completed`. */
  readonly conclusion?: CheckConclusion;
  readonly title: string;
  /** Markdown. */
  readonly summary: string;
  readonly detailsUrl?: string;
  /** They are added to those that the check has: tell each once. The client sends any number. */
  readonly annotations?: readonly CheckAnnotation[];
}

/** `marker` is a text in the body (an HTML comment) by which our comment is found again. */
export interface CommentReport {
  readonly repository: string;
  readonly pullRequest: number;
  readonly id?: string;
  readonly marker: string;
  readonly body: string;
}

/** What the forge remembers of a delivery that it made to one of our hooks. */
export interface HookDelivery {
  /** The forge's key for asking about it. */
  readonly id: string;
  /** What the delivery's header said; one for all its attempts. */
  readonly guid: string;
  readonly event: string;
  readonly deliveredAtMs: number;
}

export interface HookDeliveryPage {
  readonly deliveries: readonly HookDelivery[];
  /** Absent on the last page. */
  readonly next?: string;
}

/** A hook of a repository (`owner/name`), of an organization, or, with neither, of the App itself. */
export interface HookScope {
  readonly repository?: string;
  readonly organization?: string;
  /** Not for the App's own. */
  readonly hookId?: number;
}

export interface HookDeliveries {
  /** Newest first; `cursor` is `next` of the page before. */
  list(hook: HookScope, cursor?: string): Promise<HookDeliveryPage>;
  /** The body that was sent, as the forge remembers it. */
  getPayload(hook: HookScope, id: string): Promise<Uint8Array>;
}

/** The requests that are left until `resetAtMs`. */
export interface ForgeBudget {
  readonly remaining: number;
  readonly limit: number;
  readonly resetAtMs: number;
}

export type Reaction = '+1' | '-1' | 'eyes' | 'rocket' | 'confused';

/** One per host. `repository` is `owner/name`. */
export interface ForgeClient {
  /** Undefined where there is none, or none that we may see. */
  getPullRequest(repository: string, pullRequest: number): Promise<PullRequest | undefined>;
  /** Paths, the old ones of renamed files too; a forge gives at most 3,000. */
  listChangedFiles(repository: string, pullRequest: number): Promise<readonly string[]>;
  permissionOf(repository: string, login: string): Promise<Permission>;
  /** Creates, or updates when `id` is given. */
  putCheck(check: CheckReport): Promise<{ readonly id: string }>;
  /** Creates, or updates; without `id` it looks for our own comment with the marker first. */
  putComment(comment: CommentReport): Promise<{ readonly id: string }>;
  /** Absent where the forge has none. */
  react?(reaction: {
    readonly repository: string;
    readonly commentId: string;
    readonly content: Reaction;
  }): Promise<void>;
  /** Absent where the forge keeps no list. */
  readonly hookDeliveries?: HookDeliveries;
  /** As the last answer told; undefined before there was one, or where the forge tells none. */
  budget(): ForgeBudget | undefined;
}
