/** answerCommand: carries out one command of a person who may give it. Replies are Markdown. */

import type { PullRequestRow, PullRequestStore, RunStore } from '@tekton-dag/store';
import type { PullRequest } from '../forge/forge-client.ts';
import { codeSpan } from '../reporting/markdown-code.ts';
import type { ActionResult, CommandActions, TestWish } from './command-actions.ts';
import { COMMAND_RULES, type CommandSpeaker } from './command-rules.ts';
import type { Command, CommandTarget } from './command.ts';

/** A comment, and the pull request as the forge shows it now. */
export interface Conversation {
  readonly pullRequests: Pick<PullRequestStore, 'get' | 'setHold' | 'clearHold' | 'approve'>;
  readonly runs: Pick<RunStore, 'listOfPullRequest'>;
  readonly actions: CommandActions;
  /** Id of the delivery that brought the comment. */
  readonly delivery: string;
  readonly pull: PullRequest;
  readonly speaker: CommandSpeaker;
  readonly login: string;
  readonly attempt: number;
  /** When the comment was written. */
  readonly atMs: number;
}

export interface Answer {
  readonly accepted: boolean;
  readonly reply: string;
}

const done = (reply: string): Answer => ({ accepted: true, reply });
const refused = (reply: string): Answer => ({ accepted: false, reply });

export async function answerCommand(conversation: Conversation, command: Command): Promise<Answer> {
  if (command.kind === 'ok-to-test') return allowFork(conversation, command.sha);
  if (command.kind === 'test') return startTests(conversation, command.target);
  return ANSWERS[command.kind](conversation);
}

const ANSWERS: Readonly<
  Record<Exclude<Command['kind'], 'ok-to-test' | 'test'>, (conversation: Conversation) => Promise<Answer>>
> = {
  retest: runAgain,
  cancel,
  hold,
  unhold: letGo,
  help: async () => done(renderHelp()),
};

async function startTests(conversation: Conversation, target?: CommandTarget): Promise<Answer> {
  const obstacle = await findObstacle(conversation);
  if (obstacle !== undefined) return refused(obstacle);
  return describe(
    await conversation.actions.test({ ...wishOf(conversation), ...(target === undefined ? {} : { target }) }),
  );
}

async function runAgain(conversation: Conversation): Promise<Answer> {
  const obstacle = await findObstacle(conversation);
  if (obstacle !== undefined) return refused(obstacle);
  return describe(await conversation.actions.retest(wishOf(conversation)));
}

async function cancel({ actions, pull }: Conversation): Promise<Answer> {
  const stopped = await actions.cancel(pull.change);
  return stopped.length === 0 ? refused('nothing runs') : done(`stopping ${listRuns(stopped)}`);
}

/** The commit that was read must be the head now: whoever pushes later needs a new word. */
async function allowFork(conversation: Conversation, sha: string): Promise<Answer> {
  const { pull, pullRequests, login, actions, atMs } = conversation;
  const { change } = pull;
  if (!change.fromFork) return refused('this pull request comes from no fork: it needs no such word');
  if (pull.state === 'closed') return refused('the pull request is closed');
  if (!change.headSha.startsWith(sha)) {
    return refused(`the latest commit is another one: read it, then say \`/ok-to-test ${change.headSha}\``);
  }
  await pullRequests.approve(keyOf(pull), { sha: change.headSha, by: login, atMs });
  return describe(await actions.test(wishOf(conversation)));
}

async function hold({ pull, pullRequests, login, atMs }: Conversation): Promise<Answer> {
  await pullRequests.setHold(keyOf(pull), { by: login, atMs });
  return done('no test run starts until `/hold cancel`');
}

async function letGo(conversation: Conversation): Promise<Answer> {
  const { pull, pullRequests } = conversation;
  const row = await pullRequests.get(keyOf(pull));
  if (row?.hold === undefined) return refused('nothing is held');
  await pullRequests.clearHold(keyOf(pull));
  if (pull.draft) return done('the hold is off; a draft is not tested by itself');
  if (await isTested(conversation)) return done('the hold is off; the latest commit has its run already');
  const started = await startTests(conversation);
  return started.accepted ? started : done(`the hold is off, but ${started.reply}`);
}

async function isTested({ runs, pull, delivery }: Conversation): Promise<boolean> {
  const { host, repository, pullRequest, headSha } = pull.change;
  const known = await runs.listOfPullRequest({ host, repository, pullRequest });
  return known.some(
    (run) =>
      (run.mode === 'pr' || run.mode === 'continue') &&
      run.sha === headSha &&
      run.state !== 'cancelled' &&
      run.delivery !== delivery,
  );
}

/** What stands in the way of a test run, in words; undefined: nothing. */
async function findObstacle({ pull, pullRequests }: Conversation): Promise<string | undefined> {
  const { change } = pull;
  if (pull.state === 'closed') return 'the pull request is closed';
  const row = await pullRequests.get(keyOf(pull));
  if (row?.hold !== undefined) return 'the pull request is held: say `/hold cancel` first';
  if (change.fromFork && !isAllowed(row, change.headSha)) {
    return `the latest commit of this fork is not allowed yet: read it, then say \`/ok-to-test ${change.headSha}\``;
  }
  return undefined;
}

function isAllowed(row: PullRequestRow | undefined, headSha: string): boolean {
  return row?.approval?.sha === headSha;
}

function wishOf({ pull, delivery, attempt }: Conversation): TestWish {
  return { change: pull.change, delivery, attempt, trusted: !pull.change.fromFork };
}

function keyOf({ change }: PullRequest) {
  const { host, repository, pullRequest } = change;
  return { host, repository, number: pullRequest };
}

function describe(result: ActionResult): Answer {
  return result.kind === 'refused'
    ? refused(codeSpan(result.reason, 400))
    : done(`started ${listRuns(result.runs)}`);
}

function listRuns(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

function renderHelp(): string {
  const rows = Object.values(COMMAND_RULES).map(
    ({ usage, purpose, needs, authorMay }) =>
      `| \`${usage}\` | ${purpose} | ${needs === 'none' ? 'anyone' : needs} | ${authorMay ? 'yes' : 'no'} |`,
  );
  const head = [
    '| command | does | needs permission | the author may, too (no fork) |',
    '| --- | --- | --- | --- |',
  ];
  return [...head, ...rows].join('\n');
}
