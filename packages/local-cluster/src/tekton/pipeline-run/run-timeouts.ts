/** The three time limits of a PipelineRun (Tekton docs: pipelineruns.md, "Configuring a failure timeout"). */

import { parseDurationMs } from '../specs/duration.ts';
import type { PipelineRunSpec } from '../specs/run-spec.ts';
import type { Timeouts } from './task-facts.ts';

/** Tekton's default-timeout-minutes. */
export const DEFAULT_TIMEOUT_MS = 60 * 60_000;

/** `pipeline` is 1h when unset; 0 means no limit; of `tasks` and `finally` one may follow from the other. */
export function timeoutsOf(spec: PipelineRunSpec): Timeouts {
  const pipelineMs = readLimit(spec.timeouts?.pipeline) ?? DEFAULT_TIMEOUT_MS;
  const tasksMs = readLimit(spec.timeouts?.tasks);
  const finallyMs = readLimit(spec.timeouts?.finally);
  return {
    pipelineMs: unlimitedWhenZero(pipelineMs),
    tasksMs: unlimitedWhenZero(tasksMs ?? remaining(pipelineMs, finallyMs)),
    finallyMs: unlimitedWhenZero(finallyMs ?? remaining(pipelineMs, tasksMs)),
  };
}

/** The timeout a TaskRun gets from its PipelineRun: only one longer than the default, which would cut it short. */
export function inheritedTimeout(limitMs: number | undefined): number | undefined {
  if (limitMs === undefined) return 0;
  return limitMs > DEFAULT_TIMEOUT_MS ? limitMs : undefined;
}

function readLimit(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDurationMs(text);
}

function remaining(pipelineMs: number, otherMs: number | undefined): number | undefined {
  return otherMs === undefined || pipelineMs === 0 ? undefined : pipelineMs - otherMs;
}

const unlimitedWhenZero = (limitMs: number | undefined): number | undefined =>
  limitMs === 0 ? undefined : limitMs;
