/** pushEvent: what a push means to us; GitHub and Gitea tell it alike. */

import { err, ok, type Result } from '@tekton-dag/model';
import { z } from 'zod';
import { hasSkipWord } from './has-skip-word.ts';
import type { ForgeEvent } from './forge-event.ts';
import { longText, originOf, ref, repository } from './payload-fields.ts';

const payloadSchema = z.object({
  ref,
  after: z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'must be a commit id'),
  deleted: z.boolean().nullish(),
  repository,
  head_commit: z.object({ message: longText }).nullish(),
});

const BRANCH = 'refs/heads/';

export function pushEvent(payload: unknown): Result<ForgeEvent, z.ZodError> {
  const parsed = payloadSchema.safeParse(payload);
  if (!parsed.success) return err(parsed.error);
  const { after, ref } = parsed.data;
  const origin = originOf(parsed.data.repository);
  const reason = whyIgnored(parsed.data);
  if (reason !== undefined) return ok({ kind: 'ignored', reason, detail: ref, origin });
  return ok({ kind: 'push', action: '', push: { ...origin, ref: ref.slice(BRANCH.length), sha: after } });
}

function whyIgnored(
  push: z.infer<typeof payloadSchema>,
): Extract<ForgeEvent, { kind: 'ignored' }>['reason'] | undefined {
  if (push.deleted === true) return 'deleted-ref';
  if (/^0+$/.test(push.after)) return 'zero-sha';
  if (!push.ref.startsWith(BRANCH)) return 'tag';
  return hasSkipWord(push.head_commit?.message ?? '') ? 'skip-ci' : undefined;
}
