/** Decides what a forge's event leads to: a pure function of the event and the routes. */

import { parseCommands } from '../commands/parse-commands.ts';
import type { Change } from '../forge/change.ts';
import type { CommentCommand, ForgeEvent, Push } from '../forge/forge-event.ts';
import type { RouteTable } from '../routing/route-table.ts';
import type { Target } from '../routing/target.ts';
import type { Decision, IgnoreReason } from './decision.ts';
import { hasSkipWord } from '../forge/has-skip-word.ts';
import { decidedTargetOf, runTargetOf, type WantedRun } from './targets-of-change.ts';

type UpdateEvent = Extract<ForgeEvent, { kind: 'updated' }>;
type EndEvent = Extract<ForgeEvent, { kind: 'merged' | 'closed' }>;

export interface DecideOptions {
  /** Names runs anew, although the event came before. */
  readonly attempt?: number;
}

export function decide(event: ForgeEvent, routes: RouteTable, options: DecideOptions = {}): Decision {
  if (event.kind === 'ignored') return ignored(event.reason, event.detail);
  if (event.kind === 'push') return decidePush(event.push, routes);
  if (event.kind === 'command') return decideCommand(event.command, routes);
  const { change } = event;
  const known = routes.find(change.host, change.repository);
  if (known.length === 0) return unknownRepository(change);
  const targets = known.filter(({ team }) => team.baseBranches.includes(change.baseRef));
  if (targets.length === 0)
    return ignoredChange({ reason: 'base-branch', detail: change.baseRef }, change, known);
  return event.kind === 'updated'
    ? decideUpdate(event, targets, options)
    : decideEnd(event, targets, options);
}

function decideUpdate(event: UpdateEvent, known: readonly Target[], options: DecideOptions): Decision {
  const { change, action } = event;
  const targets = known.filter(({ team }) => !event.byBot || allowsBot(team, change.author));
  const reason = whyNotTested(change) ?? (targets.length === 0 ? botReason(change) : undefined);
  if (reason !== undefined) return ignoredChange(reason, change, known);
  const run = { mode: 'pr', sha: change.headSha, attempt: options.attempt ?? attemptOf(event) } as const;
  return {
    kind: 'test',
    cause: action === 'checks_requested' ? 'merge-group' : 'pull-request',
    change,
    sha: run.sha,
    attempt: run.attempt,
    targets: targets.map((target) => runTargetOf(target, change, run)),
  };
}

interface Why {
  readonly reason: IgnoreReason;
  readonly detail: string;
}

function whyNotTested({ fromFork, draft, title }: Change): Why | undefined {
  // A fork's code must not run with our credentials until a maintainer has read it.
  if (fromFork) return { reason: 'fork', detail: 'a maintainer has to allow it first' };
  if (draft) return { reason: 'draft', detail: 'it is tested when it is ready for review' };
  if (hasSkipWord(title)) return { reason: 'skip-ci', detail: 'the title says so' };
  return undefined;
}

function botReason({ author }: Change): Why {
  return { reason: 'bot', detail: `no team allows ${author}` };
}

function allowsBot(team: Target['team'], author: string): boolean {
  return team.allowedBots.some((name) => botName(name) === botName(author));
}

/** GitHub shows `dependabot[bot]`; people write `dependabot`. */
function botName(login: string): string {
  return login.toLowerCase().replace(/\[bot\]$/, '');
}

/** Closing and merging happen whoever the author is: what was started has to end. */
function decideEnd(event: EndEvent, targets: readonly Target[], { attempt = 1 }: DecideOptions): Decision {
  const { change } = event;
  if (event.kind === 'closed') {
    return { kind: 'close', change, targets: targets.map((target) => decidedTargetOf(target, change)) };
  }
  const run: WantedRun = { mode: 'merge', sha: event.mergeSha, attempt };
  const releases = targets.map((target) => runTargetOf(target, change, run));
  return { kind: 'release', change, sha: run.sha, attempt: run.attempt, targets: releases };
}

function decideCommand(command: CommentCommand, routes: RouteTable): Decision {
  if (parseCommands(command.body).length === 0) return ignored('comment', 'it holds no command');
  const known = routes.find(command.host, command.repository);
  if (known.length === 0) return unknownRepository(command);
  return { kind: 'command', command, targets: known.map((target) => decidedTargetOf(target, command)) };
}

/** A push alone makes nothing: pull requests are tested, and what they were merged as is released. */
function decidePush(push: Push, routes: RouteTable): Decision {
  const known = routes.find(push.host, push.repository);
  if (known.length === 0) return unknownRepository(push);
  if (!known.some(({ team }) => team.baseBranches.includes(push.ref)))
    return ignored('base-branch', push.ref);
  return ignored('push', 'releases come from merged pull requests');
}

/**
 * Two deliveries of one event must give one name. A pull request that is reopened, or pushed back to an earlier
 * commit, is a new event on an old commit: its time makes the name new. A merge queue's commit is always new.
 */
function attemptOf({ action, change }: UpdateEvent): number {
  return action === 'opened' || action === 'checks_requested'
    ? 1
    : Math.max(2, Math.floor(change.updatedAtMs / 1_000));
}

function unknownRepository({
  host,
  repository,
}: {
  readonly host: string;
  readonly repository: string;
}): Decision {
  return ignored('unknown-repository', `${host}/${repository}`);
}

function ignored(reason: IgnoreReason, detail: string): Decision {
  return { kind: 'ignored', reason, detail };
}

function ignoredChange({ reason, detail }: Why, change: Change, targets: readonly Target[]): Decision {
  const told = targets.map((target) => decidedTargetOf(target, change));
  return { kind: 'ignored', reason, detail, change, targets: told };
}
