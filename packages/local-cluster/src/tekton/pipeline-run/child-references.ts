/** status.childReferences: which TaskRuns a PipelineRun has made, and for which task. */

import type { Param } from '../specs/param-value.ts';
import type { PipelineTask } from '../specs/pipeline-spec.ts';
import { replacementsOfParams } from '../substitution/replacements.ts';
import { substituteText } from '../substitution/substitute.ts';
import { includeNamesOf } from './matrix-combinations.ts';

export interface ChildReference {
  readonly apiVersion: 'tekton.dev/v1';
  readonly kind: 'TaskRun';
  readonly name: string;
  readonly pipelineTaskName: string;
  readonly displayName?: string;
  readonly whenExpressions?: PipelineTask['when'];
}

/** The reference to one TaskRun; its display name may use the params of its own combination of the matrix. */
export function childReference(name: string, task: PipelineTask, params: readonly Param[]): ChildReference {
  const displayName = displayNameOf(task, params);
  return {
    apiVersion: 'tekton.dev/v1',
    kind: 'TaskRun',
    name,
    pipelineTaskName: task.name,
    ...(displayName !== '' && { displayName }),
    ...(task.when !== undefined && { whenExpressions: task.when }),
  };
}

function displayNameOf(task: PipelineTask, params: readonly Param[]): string {
  const replacements = replacementsOfParams([], params);
  const named = task.matrix === undefined ? [] : includeNamesOf(task.matrix, params);
  const text = named.length > 0 ? named.join(' ') : (task.displayName ?? '');
  return substituteText(text, replacements);
}
