/** Results of a PipelineRun, made of its tasks' results when it ends. */

import { err, ok, type Result } from '@tekton-dag/model';
import type { PipelineResult } from '../specs/pipeline-spec.ts';
import type { ParamValue } from '../specs/param-value.ts';
import { missingReferences } from '../substitution/result-reference.ts';
import { substitute } from '../substitution/substitute.ts';
import { resultReplacements } from './result-replacements.ts';
import { isSuccessful, type RunFacts } from './task-facts.ts';

export interface NamedResult {
  readonly name: string;
  readonly value: ParamValue;
}

export interface RunResults {
  readonly results: readonly NamedResult[];
  /** Results whose task succeeded without giving what they are made of. */
  readonly broken: readonly string[];
}

/** A result of a task that did not succeed is left out; one that a successful task did not give is broken. */
export function pipelineRunResults(declared: readonly PipelineResult[], facts: RunFacts): RunResults {
  const replacements = resultReplacements(facts.tasks.values());
  const results: NamedResult[] = [];
  const broken: string[] = [];
  for (const { name, value } of declared) {
    const missing = missingReferences(value, replacements);
    if (missing.length === 0) results.push({ name, value: substitute(value, replacements) });
    else if (missing.some((reference) => isSuccess(facts, reference.task))) broken.push(name);
  }
  return { results, broken };
}

function isSuccess(facts: RunFacts, task: string): boolean {
  const maker = facts.tasks.get(task);
  return maker !== undefined && isSuccessful(maker);
}

/** Fails when a successful run has a broken result. */
export function checkResults({ broken }: RunResults): Result<undefined, string> {
  return broken.length === 0
    ? ok(undefined)
    : err(`invalid pipelineresults [${broken.join(' ')}], the referenced results don't exist`);
}
