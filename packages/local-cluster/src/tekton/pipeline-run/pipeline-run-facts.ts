/** Gathers the facts of a PipelineRun that a decision needs. */

import type { PipelineSpec, PipelineTask } from '../specs/pipeline-spec.ts';
import type { PipelineRun } from '../specs/read-run.ts';
import { substitute } from '../substitution/substitute.ts';
import { missingRun, type ChildRun } from './child-run.ts';
import { taskRunNames } from './child-name.ts';
import { matrixCombinations } from './matrix-combinations.ts';
import { resultReplacements } from './result-replacements.ts';
import { dependenciesOf } from './pipeline-graph.ts';
import { timeoutsOf } from './run-timeouts.ts';
import type { RunFacts, TaskFacts } from './task-facts.ts';

export interface OwnedRun extends ChildRun {
  readonly pipelineTask: string;
}

/** `spec` is the pipeline as it was resolved when the run started. */
export function pipelineRunFacts(
  run: PipelineRun,
  spec: PipelineSpec,
  owned: readonly OwnedRun[],
  clock: { readonly startMs: number; readonly nowMs: number },
): RunFacts {
  const children = Map.groupBy(owned, (one) => one.pipelineTask);
  const factsOf = (task: PipelineTask, isFinal: boolean): [string, TaskFacts] => [
    task.name,
    {
      task,
      isFinal,
      parents: isFinal ? [] : dependenciesOf(task),
      children: (children.get(task.name) ?? []).sort(byName),
    },
  ];
  const { finallyStartTime } = run.status;
  return {
    runName: run.name,
    requestedStatus: run.spec.status ?? '',
    tasks: withMissingRuns(
      run.name,
      new Map([
        ...(spec.tasks ?? []).map((task) => factsOf(task, false)),
        ...(spec.finally ?? []).map((task) => factsOf(task, true)),
      ]),
    ),
    ...clock,
    finallyStartMs: finallyStartTime === undefined ? undefined : Date.parse(finallyStartTime),
    timeouts: timeoutsOf(run.spec),
  };
}

/** A matrix that has some of its TaskRuns must get them all before it counts as ended. */
function withMissingRuns(
  runName: string,
  tasks: ReadonlyMap<string, TaskFacts>,
): ReadonlyMap<string, TaskFacts> {
  const isFannedOut = ({ task, children }: TaskFacts): boolean =>
    task.matrix !== undefined && children.length > 0;
  if (![...tasks.values()].some(isFannedOut)) return tasks;
  const results = resultReplacements(tasks.values());
  const complete = (facts: TaskFacts): TaskFacts => {
    if (!isFannedOut(facts)) return facts;
    const count = matrixCombinations(substitute(facts.task.matrix ?? {}, results)).length;
    const known = new Map(facts.children.map((child) => [child.name, child]));
    const names = taskRunNames(runName, facts.task.name, count);
    return { ...facts, children: names.map((name) => known.get(name) ?? missingRun(name)) };
  };
  return new Map([...tasks].map(([name, facts]) => [name, complete(facts)]));
}

/** TaskRuns of a matrix end in their number; `-10` comes after `-9`. */
function byName(a: ChildRun, b: ChildRun): number {
  return a.name.localeCompare(b.name, 'en', { numeric: true });
}
