/** Rows of the store as reports are made from them: a pull request, its deliveries, its runs and what they proved. */

import type { Delivery, PullRequestRow, RunWithEvidence } from '@tekton-dag/store';
import { newRun } from '@tekton-dag/store/testing';
import type { CommandOutcome } from '../commands/command-outcome.ts';
import type { Decision, IgnoreReason } from '../deliveries/decision.ts';
import type { DeliveryOutcome } from '../deliveries/delivery-outcome.ts';
import type { Change } from '../forge/change.ts';
import type { ReportState } from '../reporting/report-state.ts';
import type { RunEvidence } from '../reporting/run-evidence.ts';

export const HEAD_SHA = 'a'.repeat(40);

const CHANGE: Change = {
  host: 'github.com',
  repository: 'acme/demo-api',
  pullRequest: 7,
  headSha: HEAD_SHA,
  baseRef: 'main',
  author: 'octocat',
  title: 'Change something',
  draft: false,
  fromFork: false,
  dependsOn: [],
  updatedAtMs: 1_000,
};

export function reportState(fields: Partial<ReportState> = {}): ReportState {
  return {
    host: 'github.com',
    repository: 'acme/demo-api',
    number: 7,
    pullRequest: pullRequestRow(),
    runs: [],
    deliveries: [],
    ahead: new Map(),
    sessions: new Map(),
    hasComment: false,
    publicUrl: 'https://dag.example.com',
    reportName: 'tekton-dag',
    ...fields,
  };
}

export function pullRequestRow(fields: Partial<PullRequestRow> = {}): PullRequestRow {
  const { pullRequest, ...facts } = CHANGE;
  return {
    ...facts,
    number: pullRequest,
    dependsOn: [],
    teams: ['default'],
    state: 'open',
    draft: false,
    hold: undefined,
    approval: undefined,
    ...fields,
  };
}

export function testDelivery(fields: {
  readonly headSha?: string;
  readonly state?: Delivery['state'];
  readonly reason?: string;
  readonly outcome?: DeliveryOutcome;
}): Delivery {
  const headSha = fields.headSha ?? HEAD_SHA;
  const decision: Decision = {
    kind: 'test',
    cause: 'pull-request',
    change: { ...CHANGE, headSha },
    sha: headSha,
    attempt: 1,
    targets: [],
  };
  return deliveryOf(decision, fields);
}

export function ignoredDelivery(reason: IgnoreReason, detail = ''): Delivery {
  const decision: Decision = { kind: 'ignored', reason, detail, change: CHANGE };
  return deliveryOf(decision, { outcome: { kind: 'skipped', reason, detail } });
}

export function commandDelivery(outcome: Omit<CommandOutcome, 'kind'>): Delivery {
  const { host, repository, pullRequest } = CHANGE;
  const command = {
    host,
    repository,
    pullRequest,
    commentId: '1',
    author: outcome.by,
    body: '',
    updatedAtMs: 1,
  };
  return deliveryOf({ kind: 'command', command, targets: [] }, { outcome: { kind: 'commands', ...outcome } });
}

function deliveryOf(
  decision: Decision,
  fields: {
    readonly state?: Delivery['state'];
    readonly reason?: string;
    readonly outcome?: DeliveryOutcome;
  },
): Delivery {
  return {
    host: 'github.com',
    id: 'delivery',
    seq: 1,
    event: 'pull_request',
    action: 'opened',
    repository: 'acme/demo-api',
    subject: 'github.com/acme/demo-api#7',
    occurredAtMs: 1_000,
    receivedAtMs: 1_000,
    state: fields.state ?? 'done',
    decision: JSON.stringify(decision),
    reason: fields.reason,
    attempts: 1,
    finishedAtMs: 2_000,
    teams: ['default'],
    forge: 'github',
    traceparent: '',
    secretName: '',
    gapFilled: false,
    outcome: fields.outcome === undefined ? undefined : JSON.stringify(fields.outcome),
    hasPayload: false,
  };
}

export function runRow(
  fields: Partial<Omit<RunWithEvidence, 'evidence'>> & { readonly evidence?: Partial<RunEvidence> } = {},
): RunWithEvidence {
  const { evidence, ...rest } = fields;
  return {
    ...newRun({ sha: HEAD_SHA, delivery: 'delivery', state: 'succeeded', reason: 'Succeeded' }),
    createdAtMs: 10_000,
    startedAtMs: 20_000,
    finishedAtMs: 212_000,
    ...rest,
    evidence: evidence === undefined ? undefined : JSON.stringify({ ...NO_EVIDENCE, ...evidence }),
  };
}

const NO_EVIDENCE: RunEvidence = {
  message: '',
  failedTasks: [],
  images: [],
  edges: [],
  appFailures: [],
  tests: [],
  testFailures: [],
  released: [],
};
