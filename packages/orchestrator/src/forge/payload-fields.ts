/** The fields that payloads of every forge have in common, as zod schemas; only what we read. */

import { z } from 'zod';

/** Neither part is `.` or `..`: they go into paths of an API. */
const FULL_NAME = /^(?!\.{1,2}\/)[A-Za-z0-9_.-]{1,100}\/(?!\.{1,2}$)[A-Za-z0-9_.-]{1,100}$/;
const SHA = /^(?!0+$)(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
/** Above any branch name that git can keep as a file. */
const MAX_REF_LENGTH = 1024;
const MAX_TITLE_LENGTH = 256;
/** Of a comment or a description: what GitHub allows. */
const MAX_TEXT_LENGTH = 65_536;

/** A commit; the zero SHA is none. */
export const sha = z.string().regex(SHA, 'must be a commit id');
export const fullName = z.string().regex(FULL_NAME, 'must be owner/name');
export const positive = z.number().int().positive().max(2_147_483_647);
export const ref = z.string().min(1).max(MAX_REF_LENGTH);
export const time = z.iso.datetime({ offset: true });
export const actionName = z.string().max(64);

/** Cut, not refused: nothing is ever done with it but show it. */
export const title = z.string().transform((text) => text.slice(0, MAX_TITLE_LENGTH));
export const longText = z
  .string()
  .nullish()
  .transform((text) => (text ?? '').slice(0, MAX_TEXT_LENGTH));

export const repository = z.object({
  full_name: fullName,
  html_url: z.url({ protocol: /^https?$/ }).max(2048),
});

/** `host` is in lower case, with its port where it has one. */
export function originOf({ full_name, html_url }: z.infer<typeof repository>): {
  readonly host: string;
  readonly repository: string;
} {
  return { host: new URL(html_url).host.toLowerCase(), repository: full_name };
}

const withRepository = z.object({ repository });

/** Where a payload comes from, if it says so; for payloads that are not looked at further. */
export function readOrigin(payload: unknown): ReturnType<typeof originOf> | undefined {
  const parsed = withRepository.safeParse(payload);
  return parsed.success ? originOf(parsed.data.repository) : undefined;
}
