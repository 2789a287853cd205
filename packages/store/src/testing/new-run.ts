/** A run for tests. */

import type { RunRow } from '../run-store.ts';

export function newRun(fields: Partial<RunRow> = {}): RunRow {
  return {
    namespace: 'tekton-pipelines',
    name: 'stack-pr-7-abcdefgh',
    pipeline: 'stack-pr-test',
    mode: 'pr',
    team: 'default',
    stack: 'stack-one',
    app: 'demo-api',
    apps: ['demo-api'],
    host: 'github.com',
    repository: 'acme/demo-api',
    pullRequest: 7,
    sha: 'a'.repeat(40),
    attempt: 1,
    delivery: 'd1',
    traceparent: '',
    provenance: '',
    state: 'pending',
    reason: 'PipelineRunPending',
    createdAtMs: 1_000,
    startedAtMs: undefined,
    finishedAtMs: undefined,
    ...fields,
  };
}
