/** ShownState: what a forge shows of us on a pull request; the text that the store keeps as the hash of a report. */

import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { PlannedCheck } from './plan-report.ts';

const schema = z.object({
  /** The commit of the check; empty: none was shown. */
  sha: z.string(),
  /** Hash of the check's content. */
  check: z.string(),
  /** The check has not been concluded. */
  open: z.boolean(),
  /** Annotations were sent with it: a forge adds to them, and never takes one away. */
  annotated: z.boolean(),
  /** Hash of the comment's text. */
  comment: z.string(),
});

export type ShownState = z.output<typeof schema>;

const NOTHING: ShownState = { sha: '', check: '', open: false, annotated: false, comment: '' };

export function parseShownState(text: string | undefined): ShownState {
  if (text === undefined || !text.startsWith('{')) return NOTHING;
  const parsed = schema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : NOTHING;
}

export function hashCheck(check: PlannedCheck): string {
  return hash(JSON.stringify(check));
}

export function hashComment(comment: string): string {
  return hash(comment);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
