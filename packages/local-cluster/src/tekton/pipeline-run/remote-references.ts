/** remoteTasksOf: what a pipeline has to be fetched for before its run can begin. Pure. */

import type { DefinitionRef, PipelineSpec } from '../specs/pipeline-spec.ts';
import { variablesIn } from '../substitution/substitute.ts';

/** True for what the git resolver answers. */
export const isRemote = (ref: DefinitionRef | undefined): ref is DefinitionRef => ref?.resolver === 'git';

/** References that are complete: what holds the result of a task is fetched when that has ended. */
export function remoteTasksOf({ tasks = [], finally: last = [] }: PipelineSpec): DefinitionRef[] {
  return [...tasks, ...last]
    .map(({ taskRef }) => taskRef)
    .filter(isRemote)
    .filter((ref) => variablesIn(ref).length === 0);
}
