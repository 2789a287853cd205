/** What a forge told us, in words that every forge shares. */

import type { Change } from './change.ts';

/** `checks_requested` asks for a test of what a merge queue made: `headSha` is then the queue's commit. */
export type UpdateAction =
  'opened' | 'synchronize' | 'reopened' | 'ready_for_review' | 'edited' | 'checks_requested';

/** A comment on a pull request. Nothing in `body` is trusted: only a command word and a SHA are ever taken from it. */
export interface CommentCommand {
  readonly host: string;
  /** `owner/name`, as the forge spells it. */
  readonly repository: string;
  readonly pullRequest: number;
  readonly commentId: string;
  readonly author: string;
  readonly body: string;
  readonly updatedAtMs: number;
}

/** A push to a branch; `ref` is the branch's name alone. */
export interface Push {
  readonly host: string;
  readonly repository: string;
  readonly ref: string;
  readonly sha: string;
}

/** Of a payload that needs no work; absent parts are not in it. */
export interface EventOrigin {
  readonly host: string;
  readonly repository: string;
}

/** Why an event needs no work, whatever the configuration. */
export type EventIgnoreReason =
  'event' | 'action' | 'tag' | 'deleted-ref' | 'zero-sha' | 'skip-ci' | 'comment' | 'bot';

/**
 * `updated`: there is something to test, with `action` as GitHub names it. `merged` and `closed` end a pull request.
 * `command`: somebody spoke to us. `ignored` needs no work, whatever the configuration.
 */
export type ForgeEvent =
  | {
      readonly kind: 'updated';
      readonly action: UpdateAction;
      readonly change: Change;
      /** The author is a program. */
      readonly byBot: boolean;
    }
  | { readonly kind: 'merged'; readonly action: 'closed'; readonly change: Change; readonly mergeSha: string }
  | { readonly kind: 'closed'; readonly action: 'closed'; readonly change: Change }
  | { readonly kind: 'command'; readonly action: 'created'; readonly command: CommentCommand }
  | { readonly kind: 'push'; readonly action: ''; readonly push: Push }
  | {
      readonly kind: 'ignored';
      readonly reason: EventIgnoreReason;
      readonly detail: string;
      readonly origin?: EventOrigin;
    };
