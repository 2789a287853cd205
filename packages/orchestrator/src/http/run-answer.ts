/** presentRun and presentRunDetail: runs of the history as the API shows them. */

import { parseRunProvenance, runProvenanceSchema } from '@tekton-dag/model';
import type { RunRow, RunWithEvidence } from '@tekton-dag/store';
import { z } from 'zod';
import { parseOwnJson } from './parse-own-json.ts';

const time = z.iso.datetime().nullable();

export const RUN_STATES = ['pending', 'running', 'succeeded', 'failed', 'cancelled'] as const;

const runFields = {
  name: z.string(),
  namespace: z.string(),
  pipeline: z.string(),
  mode: z.string(),
  team: z.string(),
  stack: z.string(),
  app: z.string().describe('The changed apps by comma; empty for a whole stack.'),
  repository: z.string(),
  pull_request: z.int().nullable(),
  sha: z.string(),
  state: z.enum(RUN_STATES),
  status: z.string().describe("The condition's reason, as Tekton spells it; `Unknown` before there is one."),
  created: time,
  started: time,
  finished: time,
};

export const runAnswer = z.object(runFields).meta({ id: 'Run' });

export const runDetail = z
  .object({
    ...runFields,
    apps: z.array(z.string()).describe('The apps that changed.'),
    attempt: z.int(),
    delivery: z.string().nullable().describe('Id of the delivery that asked for it.'),
    traceparent: z.string().nullable().describe('W3C trace context that the run is part of.'),
    provenance: runProvenanceSchema
      .nullable()
      .describe('Commits of the platform repository and of tasks and pipelines; null where none is known.'),
    evidence: z.unknown().describe('What was kept of the run record; null before the run ends.'),
  })
  .meta({ id: 'RunDetail' });

export function presentRun(run: RunRow): z.output<typeof runAnswer> {
  return {
    name: run.name,
    namespace: run.namespace,
    pipeline: run.pipeline,
    mode: run.mode,
    team: run.team,
    stack: run.stack,
    app: run.apps.length > 0 ? run.apps.join(',') : run.app,
    repository: run.repository,
    pull_request: run.pullRequest ?? null,
    sha: run.sha,
    state: run.state,
    status: run.reason === '' ? 'Unknown' : run.reason,
    created: presentTime(run.createdAtMs),
    started: presentTime(run.startedAtMs),
    finished: presentTime(run.finishedAtMs),
  };
}

export function presentRunDetail(run: RunWithEvidence): z.output<typeof runDetail> {
  return {
    ...presentRun(run),
    apps: [...run.apps],
    attempt: run.attempt,
    delivery: run.delivery === '' ? null : run.delivery,
    traceparent: run.traceparent === '' ? null : run.traceparent,
    provenance: presentProvenance(run.provenance),
    evidence: run.evidence === undefined ? null : parseOwnJson(run.evidence),
  };
}

function presentProvenance(text: string): z.output<typeof runDetail>['provenance'] {
  const parsed = parseRunProvenance(text);
  return parsed.ok ? parsed.value : null;
}

/** RFC 3339, or null. */
export function presentTime(timeMs: number | undefined): string | null {
  return timeMs === undefined ? null : new Date(timeMs).toISOString();
}
