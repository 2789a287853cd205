/** explainDelivery: what became of a delivery, and for every app that it could have been about why or why not. Pure. */

import { parseGitRepository, type Stack, type Team } from '@tekton-dag/model';
import type { Delivery } from '@tekton-dag/store';
import type { PlatformSnapshot } from '../platform/platform-snapshot.ts';
import { readDecision } from './accept-delivery.ts';
import type { Decision, NoRunReason } from './decision.ts';
import { parseDeliveryOutcome, type DeliveryOutcome } from './delivery-outcome.ts';
import { NO_RUN_TEXTS } from './no-run-texts.ts';

export interface ExplainedApp {
  readonly team: string;
  readonly stack: string;
  readonly app: string;
  /** The run that the app is in; absent where there is none. */
  readonly run?: string;
  /** In words for people. */
  readonly why: string;
}

export interface DeliveryExplanation {
  /** One sentence that names no team. */
  readonly summary: string;
  readonly reason?: NoRunReason;
  /** Apps of the delivery's repository first, then at most 20 whose repository only bears the same name. */
  readonly apps: readonly ExplainedApp[];
}

export type KnownPlatform = Pick<PlatformSnapshot, 'teams' | 'stacks'>;

const MAX_NEAR_MISSES = 20;

/** `platform` is what is loaded now: apps that came or changed since the delivery are explained as such. */
export function explainDelivery(delivery: Delivery, platform: KnownPlatform): DeliveryExplanation {
  const decision = readDecision(delivery);
  const outcome = parseDeliveryOutcome(delivery.outcome);
  const reason = reasonOf(decision, outcome);
  return {
    summary: summarize(delivery, decision, outcome),
    ...(reason === undefined ? {} : { reason }),
    apps: explainApps(delivery, { decision, outcome }, platform),
  };
}

interface Known {
  readonly decision: Decision;
  readonly outcome: DeliveryOutcome | undefined;
}

function reasonOf(decision: Decision, outcome: DeliveryOutcome | undefined): NoRunReason | undefined {
  if (decision.kind === 'ignored') return decision.reason;
  if (outcome?.kind === 'skipped') return outcome.reason;
  if (outcome?.kind === 'runs' && outcome.runs.length === 0) return outcome.skipped[0]?.reason;
  return undefined;
}

function summarize(delivery: Delivery, decision: Decision, outcome: DeliveryOutcome | undefined): string {
  if (decision.kind === 'ignored') return `No run: ${wordsOf(decision)}.`;
  if (delivery.state === 'failed') return 'It could not be carried out.';
  if (outcome === undefined) return `It waits to be carried out: ${WISHES[decision.kind]}.`;
  if (outcome.kind === 'skipped') return `No run: ${wordsOf(outcome)}.`;
  if (outcome.kind === 'closed')
    return 'The pull request was closed: its runs were ended and what they left is gone.';
  if (outcome.kind === 'runs') return `It led to ${countRuns(outcome.runs.length)}.`;
  return 'The commands in the comment were answered.';
}

const WISHES = {
  test: 'the pull request is to be tested',
  release: 'what it was merged as is to be released',
  close: 'its runs are to be ended',
  command: 'the commands in the comment are to be answered',
} as const;

function countRuns(count: number): string {
  if (count === 0) return 'no run';
  return count === 1 ? 'one run' : `${count} runs`;
}

interface Candidate {
  readonly team: Team;
  readonly stack: Stack;
  readonly app: string;
  /** `host/owner/name`, lower case. */
  readonly repository: string;
}

function explainApps(delivery: Delivery, known: Known, platform: KnownPlatform): readonly ExplainedApp[] {
  const wanted = `${delivery.host}/${delivery.repository}`.toLowerCase();
  const name = wanted.split('/').at(-1) ?? '';
  if (delivery.repository === '') return [];
  const alike = candidatesOf(platform).filter(({ repository }) => repository.endsWith(`/${name}`));
  const own = alike.filter(({ repository }) => repository === wanted);
  const near = alike.filter(({ repository }) => repository !== wanted).slice(0, MAX_NEAR_MISSES);
  return [
    ...own.map((candidate) => explainOwn(candidate, known)),
    ...near.map(({ repository, ...place }) =>
      describe(place, `its repository is ${repository}, not ${wanted}`),
    ),
  ];
}

function candidatesOf({ teams, stacks }: KnownPlatform): readonly Candidate[] {
  return [...teams.values()].flatMap((team) =>
    team.stacks.flatMap((file) => {
      const stack = stacks.get(file);
      if (stack === undefined) return [];
      return stack.apps.map(({ name, repo }) => ({
        team,
        stack,
        app: name,
        repository: fullName(repo, team),
      }));
    }),
  );
}

function fullName(repo: string, team: Team): string {
  const parsed = parseGitRepository(repo);
  return parsed.ok ? `${parsed.value.host ?? team.host}/${parsed.value.fullName}`.toLowerCase() : '';
}

function explainOwn(candidate: Candidate, { decision, outcome }: Known): ExplainedApp {
  if (decision.kind === 'ignored') return describe(candidate, whyIgnored(candidate, decision));
  const decided = decision.targets.find((target) => isAt(target, candidate));
  if (decided === undefined) return describe(candidate, whyUndecided(candidate, decision));
  if (!decided.apps.includes(candidate.app)) {
    return describe(candidate, 'the app was not of this repository when the delivery came');
  }
  if (outcome?.kind === 'runs') return explainOutcome(candidate, outcome);
  return describe(candidate, outcome?.kind === 'skipped' ? wordsOf(outcome) : WISHES[decision.kind]);
}

function explainOutcome(
  candidate: Candidate,
  { runs, skipped }: Extract<DeliveryOutcome, { kind: 'runs' }>,
): ExplainedApp {
  const run = runs.find((made) => isAt(made, candidate));
  if (run === undefined) {
    const skip = skipped.find((target) => isAt(target, candidate));
    return describe(candidate, skip === undefined ? 'no run was made' : wordsOf(skip));
  }
  if (!run.apps.includes(candidate.app)) return describe(candidate, NO_RUN_TEXTS.paths);
  return { ...describe(candidate, 'it is built and tested in this run'), run: run.name };
}

function isAt(place: { readonly team: string; readonly stack: string }, { team, stack }: Candidate): boolean {
  return place.team === team.name && place.stack === stack.name;
}

function wordsOf({ reason, detail }: { readonly reason: NoRunReason; readonly detail: string }): string {
  return `${NO_RUN_TEXTS[reason]} (${detail})`;
}

function whyIgnored({ team }: Candidate, { reason, change }: Extract<Decision, { kind: 'ignored' }>): string {
  if (reason === 'unknown-repository')
    return 'the app or its team was added after the delivery came; replay it';
  return otherBranch(team, change?.baseRef) ?? NO_RUN_TEXTS[reason];
}

/** The delivery is about other targets, and not about this one. */
function whyUndecided({ team }: Candidate, decision: Exclude<Decision, { kind: 'ignored' }>): string {
  const baseRef = decision.kind === 'command' ? undefined : decision.change.baseRef;
  return (
    otherBranch(team, baseRef) ??
    'the team does not allow its author, signed with another secret, or was added after the delivery came'
  );
}

function otherBranch(team: Team, baseRef: string | undefined): string | undefined {
  if (baseRef === undefined || team.baseBranches.includes(baseRef)) return undefined;
  return `the team takes pull requests into ${team.baseBranches.join(', ')}, not into ${baseRef}`;
}

function describe({ team, stack, app }: Omit<Candidate, 'repository'>, why: string): ExplainedApp {
  return { team: team.name, stack: stack.name, app, why };
}
