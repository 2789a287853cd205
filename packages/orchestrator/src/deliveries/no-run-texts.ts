/** NO_RUN_TEXTS: every reason why a delivery makes no run, in words for people. */

import type { NoRunReason } from './decision.ts';

export const NO_RUN_TEXTS: Readonly<Record<NoRunReason, string>> = {
  event: 'the event is not one that makes runs',
  action: 'nothing happened to the pull request that calls for a run',
  'unknown-repository': 'no stack of any team has the repository',
  'base-branch': 'no team that has the repository takes pull requests into this branch',
  fork: 'it comes from a fork: somebody with write permission must comment /ok-to-test with the commit',
  draft: 'it is a draft: it is tested when it is ready for review',
  bot: 'its author is a program that no team allows (allowedBots in the team file)',
  'skip-ci': 'it asks not to be tested, by [skip ci] or the like',
  paths: 'no changed file is one of those that the stack file names for the app (paths)',
  push: 'a push alone makes no run: pull requests are tested, and what they were merged as is released',
  tag: 'it is a push of a tag',
  'deleted-ref': 'it is the deletion of a branch or tag',
  'zero-sha': 'it names no commit',
  hold: 'somebody holds the pull request; /hold cancel lets it go',
  superseded: 'something newer happened to the pull request before it was its turn',
  comment: 'the comment holds no command for us',
  forbidden: 'its author may not give the command',
  'wrong-secret-scope': 'the secret that signed it is not for this repository',
  dependency: 'a pull request that it depends on is missing, closed, or may not run',
};
