/** What results stand for: the replacements that tasks which have ended give to the tasks after them. */

import {
  mergeReplacements,
  NO_REPLACEMENTS,
  replacementsOfStrings,
  type Replacements,
} from '../substitution/replacements.ts';
import type { ParamValue } from '../specs/param-value.ts';
import { hasFailedChild, isSuccessful, reasonOf, type RunFacts, type TaskFacts } from './task-facts.ts';

/** `$(tasks.<task>.results.*)` of every task of the run; of a matrix, lists over its TaskRuns. */
export function resultReplacements(tasks: Iterable<TaskFacts>): Replacements {
  const all: Replacements[] = [];
  for (const facts of tasks) {
    for (const [name, value] of resultsOf(facts)) {
      const section = facts.isFinal ? 'finally' : 'tasks';
      all.push(new Map([[`${section}.${facts.task.name}.results.${name}`, value]]));
    }
    all.push(matrixLengths(facts));
  }
  return mergeReplacements(...all);
}

function resultsOf(facts: TaskFacts): ReadonlyMap<string, ParamValue> {
  if (facts.task.matrix === undefined) {
    return new Map((facts.children[0]?.results ?? []).map((result) => [result.name, result.value]));
  }
  const lists = new Map<string, string[]>();
  for (const result of facts.children.flatMap((child) => child.results)) {
    if (typeof result.value !== 'string') continue;
    lists.set(result.name, [...(lists.get(result.name) ?? []), result.value]);
  }
  return lists;
}

function matrixLengths(facts: TaskFacts): Replacements {
  if (facts.task.matrix === undefined || facts.children.length === 0) return NO_REPLACEMENTS;
  const prefix = `tasks.${facts.task.name}.matrix`;
  const lengths = [...resultsOf(facts)].map(([name, value]) => [
    `${prefix}.${name}.length`,
    String(Array.isArray(value) ? value.length : 1),
  ]);
  return replacementsOfStrings({
    [`${prefix}.length`]: String(facts.children.length),
    ...Object.fromEntries(lengths),
  });
}

/** `$(tasks.<task>.status)`, `.reason` and `$(tasks.status)`, which final tasks may read. */
export function statusReplacements(facts: RunFacts, isSkipped: (task: string) => boolean): Replacements {
  const strings: Record<string, string> = {};
  for (const [name, task] of facts.tasks) {
    if (task.isFinal) continue;
    strings[`tasks.${name}.status`] = statusOf(task);
    strings[`tasks.${name}.reason`] = reasonOf(task);
  }
  strings['tasks.status'] = aggregateStatus(facts, isSkipped);
  return replacementsOfStrings(strings);
}

function statusOf(facts: TaskFacts): string {
  if (isSuccessful(facts)) return 'Succeeded';
  return hasFailedChild(facts) ? 'Failed' : 'None';
}

function aggregateStatus(facts: RunFacts, isSkipped: (task: string) => boolean): string {
  const dagTasks = [...facts.tasks.values()].filter((task) => !task.isFinal);
  if (dagTasks.some(hasFailedChild)) return 'Failed';
  if (dagTasks.some((task) => isSkipped(task.task.name))) return 'Completed';
  return dagTasks.every(isSuccessful) ? 'Succeeded' : 'None';
}
