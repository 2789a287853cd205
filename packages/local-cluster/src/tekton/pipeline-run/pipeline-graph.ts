/** The graph of a pipeline's tasks: an edge for each runAfter and each result that one task reads of another. */

import { err, findCycle, ok, type Result } from '@tekton-dag/model';
import type { PipelineTask } from '../specs/pipeline-spec.ts';
import { resultReferencesIn } from '../substitution/result-reference.ts';
import { variablesIn } from '../substitution/substitute.ts';

/** Task name to the names of the tasks it waits for, in pipeline order. */
export type PipelineGraph = ReadonlyMap<string, readonly string[]>;

/** The tasks that a task waits for, each once. */
export function dependenciesOf(task: PipelineTask): string[] {
  const results = resultReferencesIn(task).map((reference) => reference.task);
  const lengths = variablesIn(task).flatMap(
    (variable) => /^tasks\.([^.]+)\.matrix\./.exec(variable)?.[1] ?? [],
  );
  return [...new Set([...(task.runAfter ?? []), ...results, ...lengths])];
}

/** Builds the graph; fails on a task that waits for an unknown one or, over others, for itself. */
export function buildPipelineGraph(tasks: readonly PipelineTask[]): Result<PipelineGraph, string> {
  const graph = new Map(tasks.map((task) => [task.name, dependenciesOf(task)]));
  for (const [name, dependencies] of graph) {
    const unknown = dependencies.find((dependency) => !graph.has(dependency));
    if (unknown !== undefined)
      return err(`task ${name} depends on ${unknown} but ${unknown} wasn't present in Pipeline`);
  }
  const cycle = findCycle({ apps: [...graph].map(([name, downstream]) => ({ name, downstream })) });
  return cycle === undefined ? ok(graph) : err(`cycle detected: ${cycle.join(' -> ')}`);
}
