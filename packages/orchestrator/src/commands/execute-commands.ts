/** executeCommands: carries out the commands of one comment, and tells what came of each. */

import type { Delivery, PullRequestFacts, PullRequestStore, RunStore } from '@tekton-dag/store';
import type { CommandDecision } from '../deliveries/decision.ts';
import type { ForgeClient, PullRequest } from '../forge/forge-client.ts';
import type { CommentCommand } from '../forge/forge-event.ts';
import type { Forges } from '../forge/forges.ts';
import { answerCommand, type Conversation } from './answer-command.ts';
import type { CommandActions } from './command-actions.ts';
import type { CommandAnswer, CommandOutcome } from './command-outcome.ts';
import { COMMAND_RULES, mayCommand } from './command-rules.ts';
import type { CommandLine } from './command.ts';
import { parseCommands } from './parse-commands.ts';

export interface CommandContext {
  readonly forges: Forges;
  readonly pullRequests: Pick<PullRequestStore, 'upsert' | 'get' | 'setHold' | 'clearHold' | 'approve'>;
  readonly runs: Pick<RunStore, 'listOfPullRequest'>;
  readonly actions: CommandActions;
  /** A reaction that the forge did not take; the reply tells the same. */
  readonly onReactionLost: (error: unknown) => void;
}

/**
 * Who speaks, what that person may do, and what the head is, are asked of the forge now, not taken from the comment.
 * Rejects with what the forge, the store or the API said: all of it may then be done again.
 */
export async function executeCommands(
  context: CommandContext,
  delivery: Pick<Delivery, 'id'>,
  { command, targets }: CommandDecision,
): Promise<CommandOutcome> {
  const lines = parseCommands(command.body);
  const client = context.forges.clientFor(command.host);
  const pull = await client?.getPullRequest(command.repository, command.pullRequest);
  if (client === undefined || pull === undefined) {
    return outcomeOf(
      command,
      lines.map((line) => refuse(line, 'the forge does not show this pull request to us')),
    );
  }
  await context.pullRequests.upsert(factsOf(pull, targets));
  const permission = await client.permissionOf(command.repository, command.author);
  const conversation: Conversation = {
    ...context,
    delivery: delivery.id,
    pull,
    speaker: { permission, ...standingOf(command.author, pull) },
    login: command.author,
    // Of the comment, so that carrying it out twice names the same runs.
    attempt: Math.max(2, Math.floor(command.updatedAtMs / 1_000)),
    atMs: command.updatedAtMs,
  };
  const answers: CommandAnswer[] = [];
  for (const line of lines) answers.push(await answerLine(conversation, line));
  await react(context, client, command, answers);
  return outcomeOf(command, answers);
}

function outcomeOf({ author }: CommentCommand, answers: readonly CommandAnswer[]): CommandOutcome {
  return { kind: 'commands', by: author, answers: [...answers] };
}

/** Nothing may be known yet of a pull request that is older than we are here. */
function factsOf(
  { change, state, draft }: PullRequest,
  targets: CommandDecision['targets'],
): PullRequestFacts {
  const { pullRequest, dependsOn, ...facts } = change;
  return {
    ...facts,
    number: pullRequest,
    state,
    draft,
    teams: [...new Set(targets.map(({ team }) => team))],
    dependsOn: dependsOn
      .filter(({ host }) => host === change.host)
      .map(({ repository, pullRequest: number }) => ({ repository, number })),
  };
}

function standingOf(login: string, { change }: PullRequest): { isAuthor: boolean; fromFork: boolean } {
  return { isAuthor: login.toLowerCase() === change.author.toLowerCase(), fromFork: change.fromFork };
}

async function answerLine(conversation: Conversation, line: CommandLine): Promise<CommandAnswer> {
  if (line.kind === 'misspelt') return refuse(line, line.hint);
  const { command, text } = line;
  if (!mayCommand(command.kind, conversation.speaker)) {
    const { needs, authorMay } = COMMAND_RULES[command.kind];
    const others = authorMay ? ', or who wrote the pull request, when it comes from no fork' : '';
    return refuse(line, `only people with permission \`${needs}\` may say this${others}`);
  }
  return { text, ...(await answerCommand(conversation, command)) };
}

function refuse({ text }: CommandLine, reply: string): CommandAnswer {
  return { text, accepted: false, reply };
}

/** Seen at once, before the comment is written; losing it loses nothing. */
async function react(
  { onReactionLost }: CommandContext,
  client: ForgeClient,
  { repository, commentId }: CommentCommand,
  answers: readonly CommandAnswer[],
): Promise<void> {
  const content = answers.every(({ accepted }) => accepted) ? '+1' : '-1';
  try {
    await client.react?.({ repository, commentId, content });
  } catch (error) {
    onReactionLost(error);
  }
}
