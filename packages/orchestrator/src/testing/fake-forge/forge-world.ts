/** ForgeWorld: what a fake forge holds: pull requests, comments, checks, hooks. Tests read it and change it. */

import type { CheckConclusion, Permission, Reaction } from '../../forge/forge-client.ts';

export interface WorldPullRequest {
  readonly repository: string;
  readonly number: number;
  readonly headSha: string;
  readonly headRepository: string | null;
  readonly baseRef: string;
  readonly author: string;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
  readonly state: 'open' | 'closed';
  readonly merged: boolean;
  readonly mergeSha: string | null;
  readonly labels: readonly string[];
  readonly files: readonly string[];
  /** RFC 3339. */
  readonly updatedAt: string;
}

export interface WorldComment {
  readonly id: number;
  readonly repository: string;
  readonly pullRequest: number;
  readonly author: string;
  readonly body: string;
  /** How often it was written. */
  readonly versions: number;
}

/** A check run, or the commit status that stands for one. */
export interface WorldCheck {
  readonly id: number;
  readonly repository: string;
  readonly headSha: string;
  readonly name: string;
  readonly status: 'queued' | 'in_progress' | 'completed';
  readonly conclusion: CheckConclusion | null;
  readonly title: string;
  readonly summary: string;
  readonly detailsUrl: string | null;
  readonly annotations: readonly object[];
}

export interface WorldReaction {
  readonly repository: string;
  readonly commentId: number;
  readonly content: Reaction;
}

/** One delivery of a hook, as the forge remembers it. */
export interface WorldHookDelivery {
  readonly id: number;
  readonly guid: string;
  readonly event: string;
  readonly deliveredAt: string;
  /** 0: nobody answered. */
  readonly statusCode: number;
  readonly payload: object;
  readonly redelivery: boolean;
}

export class ForgeWorld {
  /** Lower-case `owner/name#number`. */
  readonly pullRequests = new Map<string, WorldPullRequest>();
  /** Lower-case `owner/name login`. */
  readonly permissions = new Map<string, Permission>();
  readonly comments: WorldComment[] = [];
  readonly checks: WorldCheck[] = [];
  readonly reactions: WorldReaction[] = [];
  /** Newest first, by the id of the hook. */
  readonly hookDeliveries = new Map<number, WorldHookDelivery[]>();
  /** Guids that were asked to be delivered again. */
  readonly redelivered: string[] = [];
  #nextId = 1_000;

  nextId(): number {
    this.#nextId += 1;
    return this.#nextId;
  }

  /** Adds or changes; what is left out stays, or is as in a fresh pull request of `octocat`. */
  putPullRequest(
    fields: Partial<WorldPullRequest> & Pick<WorldPullRequest, 'repository' | 'number'>,
  ): WorldPullRequest {
    const key = pullRequestKey(fields.repository, fields.number);
    const before = this.pullRequests.get(key) ?? {
      headSha: 'a'.repeat(40),
      headRepository: fields.repository,
      baseRef: 'main',
      author: 'octocat',
      title: 'Change something',
      body: '',
      draft: false,
      state: 'open' as const,
      merged: false,
      mergeSha: null,
      labels: [],
      files: ['src/main.ts'],
      updatedAt: '2026-01-02T03:04:05Z',
    };
    const after = { ...before, ...fields };
    this.pullRequests.set(key, after);
    return after;
  }

  setPermission(repository: string, login: string, permission: Permission): void {
    this.permissions.set(`${repository} ${login}`.toLowerCase(), permission);
  }

  commentsOf(repository: string, pullRequest: number): readonly WorldComment[] {
    return this.comments.filter(
      (comment) =>
        comment.pullRequest === pullRequest && comment.repository.toLowerCase() === repository.toLowerCase(),
    );
  }

  checksOf(headSha: string): readonly WorldCheck[] {
    return this.checks.filter((check) => check.headSha === headSha);
  }

  /** As if the forge had sent it just now; `statusCode` is what it was answered. */
  addHookDelivery(
    hookId: number,
    delivery: Pick<WorldHookDelivery, 'guid' | 'event' | 'payload'> & Partial<WorldHookDelivery>,
  ): WorldHookDelivery {
    const all = this.hookDeliveries.get(hookId) ?? [];
    const added = {
      id: this.nextId(),
      deliveredAt: new Date().toISOString(),
      statusCode: 0,
      redelivery: false,
      ...delivery,
    };
    this.hookDeliveries.set(hookId, [added, ...all]);
    return added;
  }
}

export function pullRequestKey(repository: string, number: number): string {
  return `${repository}#${number}`.toLowerCase();
}
