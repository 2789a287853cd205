/** sessionOf: the value that marks a pull request's traffic. */

import { hashBase32 } from '../hash.ts';

export interface SessionSubject {
  /** The forge's host name. */
  readonly host: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly pullRequest: number;
  readonly team: string;
  readonly stack: string;
}

/**
 * `pr-<n>-<6 characters>`: the same for every push of a pull request, another for every other pull request, team
 * and stack. Host and repository count without regard to case, as forges do.
 */
export function sessionOf({ host, repository, pullRequest, team, stack }: SessionSubject): string {
  const subject = [host.toLowerCase(), repository.toLowerCase(), pullRequest, team, stack];
  return `pr-${pullRequest}-${hashBase32(subject, 6)}`;
}
