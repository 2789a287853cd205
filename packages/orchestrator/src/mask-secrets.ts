/** createSecretMask: text without the secrets that it may hold: those of the settings, and what looks like one. */

import type { Secret } from './secret.ts';

const MASK = '[secret]';

/** Forms that secrets of the trade have; each keeps what stands before the secret itself. */
const FORMS: readonly RegExp[] = [
  // Credentials in a URL: scheme://user:password@host
  /(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/]{0,256}:)[^\s@/]{1,1024}(?=@)/gi,
  /(\bauthorization: ?(?:bearer|basic|token) )[^\s"']{1,4096}/gi,
  // GitHub, GitLab, Slack, AWS; JSON Web Tokens (RFC 7519)
  /(\b)(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255})/g,
  /(\b)glpat-[A-Za-z0-9_-]{20,255}/g,
  /(\b)xox[abprs]-[A-Za-z0-9-]{10,255}/g,
  /(\b)AKIA[A-Z0-9]{16}\b/g,
  /(\b)eyJ[A-Za-z0-9_-]{10,4096}\.eyJ[A-Za-z0-9_-]{4,4096}\.[A-Za-z0-9_-]{10,4096}/g,
];

/** Every pattern is bounded: a hostile line costs no more than its length. */
export function createSecretMask(secrets: readonly Secret[]): (text: string) => string {
  const values = [...new Set(secrets.map((secret) => secret.reveal()))].filter((value) => value.length >= 8);
  // The longer first: one may be part of another.
  const longestFirst = values.toSorted((a, b) => b.length - a.length);
  return (text) => {
    const known = longestFirst.reduce((masked, value) => masked.replaceAll(value, MASK), text);
    return FORMS.reduce((masked, form) => masked.replaceAll(form, `$1${MASK}`), known);
  };
}
