/** Runs cases side by side on one engine, a few at a time. */

import type { ConformanceEngine } from './conformance-engine.ts';
import type { ConformanceCase } from './read-case.ts';
import type { Outcome } from './reduce-outcome.ts';
import { runCase } from './run-case.ts';
import { watchRuns } from './watch-runs.ts';

/** Case name to its outcome, or to the fault that kept it from having one. */
export type CorpusOutcomes = ReadonlyMap<string, Outcome | Error>;

export async function runCorpus(
  cases: readonly ConformanceCase[],
  engine: ConformanceEngine,
  parallelCases: number,
): Promise<CorpusOutcomes> {
  await using watch = await watchRuns(engine);
  const outcomes = new Map<string, Outcome | Error>();
  const waiting = [...cases];
  const work = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      try {
        outcomes.set(one.name, await runCase(one, engine, watch));
      } catch (fault) {
        outcomes.set(one.name, fault instanceof Error ? fault : new Error(String(fault)));
      }
    }
  };
  await Promise.all(Array.from({ length: parallelCases }, work));
  return outcomes;
}
