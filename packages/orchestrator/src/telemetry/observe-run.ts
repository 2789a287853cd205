/** createRunObserver: tells the event log, the metrics and the tracer what happens to runs. */

import type { RunRow } from '@tekton-dag/store';
import type { Parts } from '../start/parts.ts';
import { runEvents } from './run-events.ts';
import { traceRun } from './trace-run.ts';

const STATUSES: Readonly<Record<string, string>> = { succeeded: 'success', cancelled: 'cancelled' };

/**
 * Call it before the store learns what is seen, so that what a crash leaves untold is told again. Of several replicas that
 * see the same, the one whose event is stored first counts and traces. Rejects with a StoreError.
 */
export function createRunObserver(
  parts: Pick<Parts, 'config' | 'store' | 'metrics' | 'tracing' | 'client' | 'log'>,
): (before: RunRow | undefined, after: RunRow) => Promise<void> {
  return async (before, after) => {
    // What the log has dropped for its age would be new to it.
    const sinceMs = Date.now() - parts.config.eventRetentionMs;
    for (const event of runEvents(before, after).filter(({ timeMs }) => timeMs >= sinceMs)) {
      const seq = await parts.store.events.append(event);
      if (seq === undefined) continue;
      parts.metrics.events.inc({ outcome: 'stored' });
      if (event.type === 'run.finished') countEnd(parts, after);
      if (event.type === 'run.finished') void traceEnd(parts, after);
    }
  };
}

function countEnd({ metrics }: Pick<Parts, 'metrics'>, run: RunRow): void {
  const labels = { team: run.team, pipeline: run.pipeline, status: STATUSES[run.state] ?? 'failed' };
  metrics.endedRuns.inc(labels);
  const { startedAtMs, finishedAtMs } = run;
  if (startedAtMs === undefined || finishedAtMs === undefined) return;
  metrics.runSeconds.observe(labels, Math.max(0, finishedAtMs - startedAtMs) / 1_000);
}

/** Never rejects: a trace that is not told harms nobody. */
async function traceEnd(
  { tracing, client, log }: Pick<Parts, 'tracing' | 'client' | 'log'>,
  run: RunRow,
): Promise<void> {
  try {
    await traceRun(tracing, client, run);
  } catch (error) {
    log.warn({ err: error, run: run.name }, 'the trace of a run cannot be told');
  }
}
