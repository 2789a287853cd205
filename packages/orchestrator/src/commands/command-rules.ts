/** COMMAND_RULES: who may give which command. docs/pull-requests.md shows the same table. */

import { PERMISSIONS, type Permission } from '../forge/forge-client.ts';
import type { Command } from './command.ts';

export interface CommandRule {
  /** As people write it. */
  readonly usage: string;
  readonly purpose: string;
  /** The least that the person must be allowed in the repository; `none`: anyone may. */
  readonly needs: Permission;
  /** The author of the pull request may too, unless it comes from a fork. */
  readonly authorMay: boolean;
}

export const COMMAND_RULES: Readonly<Record<Command['kind'], CommandRule>> = {
  test: {
    usage: '/test [team/stack]',
    purpose: 'tests the latest commit again, from the start',
    needs: 'write',
    authorMay: true,
  },
  retest: {
    usage: '/retest',
    purpose: 'runs again what failed, from the part that failed where that is possible',
    needs: 'write',
    authorMay: true,
  },
  cancel: {
    usage: '/cancel',
    purpose: 'stops the test runs of the pull request',
    needs: 'triage',
    authorMay: true,
  },
  'ok-to-test': {
    usage: '/ok-to-test <sha>',
    purpose: 'lets this commit of a fork be tested, without secrets; the next push needs a new word',
    needs: 'write',
    authorMay: false,
  },
  hold: {
    usage: '/hold',
    purpose: 'starts no test runs until the hold is cancelled',
    needs: 'triage',
    authorMay: false,
  },
  unhold: {
    usage: '/hold cancel',
    purpose: 'lets go, and tests the latest commit',
    needs: 'triage',
    authorMay: false,
  },
  help: {
    usage: '/help',
    purpose: 'shows this table',
    needs: 'none',
    authorMay: true,
  },
};

/** Who asks, as far as the rules look. */
export interface CommandSpeaker {
  readonly permission: Permission;
  readonly isAuthor: boolean;
  readonly fromFork: boolean;
}

export function mayCommand(
  kind: Command['kind'],
  { permission, isAuthor, fromFork }: CommandSpeaker,
): boolean {
  const { needs, authorMay } = COMMAND_RULES[kind];
  if (authorMay && isAuthor && !fromFork) return true;
  return PERMISSIONS.indexOf(permission) >= PERMISSIONS.indexOf(needs);
}
