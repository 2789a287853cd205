/** explainNothing: what a pull request shows when no run is made for it. Pure. */

import type { CheckConclusion } from '../forge/forge-client.ts';
import type { NothingReason } from './judge-head.ts';
import { codeSpan } from './markdown-code.ts';

/** `title` is plain text, `text` the rest, in Markdown; it may be empty. */
export interface Explanation {
  readonly conclusion: CheckConclusion;
  readonly title: string;
  readonly text: string;
}

/** A check that is skipped or neutral does not hold a merge up; the others do. */
const EXPLANATIONS: Readonly<
  Partial<Record<NothingReason, { readonly conclusion: CheckConclusion; readonly title: string }>>
> = {
  fork: { conclusion: 'action_required', title: 'A maintainer has to allow this commit' },
  dependency: {
    conclusion: 'action_required',
    title: 'A pull request that this one depends on cannot be built',
  },
  hold: { conclusion: 'neutral', title: 'On hold' },
  superseded: { conclusion: 'cancelled', title: 'A newer commit takes its place' },
  paths: { conclusion: 'skipped', title: 'No app of a stack has changed' },
  draft: { conclusion: 'skipped', title: 'Drafts are not tested' },
  bot: { conclusion: 'skipped', title: 'Pull requests of this bot are not tested' },
  'skip-ci': { conclusion: 'skipped', title: 'The title asks for no test' },
  'base-branch': { conclusion: 'skipped', title: 'Pull requests for this branch are not tested' },
  closed: { conclusion: 'skipped', title: 'The pull request is closed' },
  broken: { conclusion: 'failure', title: 'The run could not be made' },
};

const OTHERWISE = { conclusion: 'skipped', title: 'There is nothing to test' } as const;

export function explainNothing(reason: NothingReason, detail: string, headSha: string): Explanation {
  const parts = [hintFor(reason, headSha), reason === 'fork' || detail === '' ? '' : codeSpan(detail, 400)];
  return { ...(EXPLANATIONS[reason] ?? OTHERWISE), text: parts.filter((part) => part !== '').join('\n\n') };
}

function hintFor(reason: NothingReason, headSha: string): string {
  if (reason === 'fork') {
    return `It comes from a fork: read it, then say, in a comment:\n\n\`\`\`text\n/ok-to-test ${headSha}\n\`\`\``;
  }
  if (reason === 'hold') return 'Say `/hold cancel` in a comment to let go.';
  if (reason === 'draft') return 'It is tested when it is ready for review, or after `/test` in a comment.';
  if (reason === 'dependency' || reason === 'broken') return 'Mend that, then say `/test` in a comment.';
  return '';
}
