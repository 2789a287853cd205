/** Command: a wish that somebody wrote into a comment of a pull request. */

/** `target` of `test`: one team and stack of those that the repository feeds; absent: all of them. */
export type Command =
  | { readonly kind: 'test'; readonly target?: CommandTarget }
  | { readonly kind: 'retest' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'ok-to-test'; readonly sha: string }
  | { readonly kind: 'hold' }
  | { readonly kind: 'unhold' }
  | { readonly kind: 'help' };

/** Names as the comment has them: they are only ever compared with what is loaded. */
export interface CommandTarget {
  readonly team: string;
  readonly stack: string;
}

/** A line of a comment that is meant for us. `text` is what is shown of it again: the word and what it was given. */
export type CommandLine =
  | { readonly kind: 'command'; readonly command: Command; readonly text: string }
  | { readonly kind: 'misspelt'; readonly text: string; readonly hint: string };
