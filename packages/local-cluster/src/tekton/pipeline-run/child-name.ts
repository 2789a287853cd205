/** Names of the objects that a run makes: derived from the run's, at most 63 characters. */

import { createHash } from 'node:crypto';

const MAX_LENGTH = 63;

/** `<parent><suffix>`, or where that is too long a shortened form with a hash (as Knative's ChildName does). */
export function childName(parent: string, suffix: string): string {
  const whole = parent + suffix;
  if (whole.length <= MAX_LENGTH) return whole;
  const digest = createHash('md5').update(whole).digest('hex');
  const room = MAX_LENGTH - digest.length;
  if (suffix.length > room) return trimmed(parent.slice(0, room)) + digest;
  return trimmed(parent.slice(0, room - suffix.length) + digest) + suffix;
}

const trimmed = (name: string): string => name.replace(/[-.]+$/, '');

/** TaskRun names of a pipeline task: one, or one per combination of its matrix. */
export function taskRunNames(pipelineRun: string, pipelineTask: string, count: number): string[] {
  if (count === 1) return [childName(pipelineRun, `-${pipelineTask}`)];
  return Array.from({ length: count }, (_, index) => childName(pipelineRun, `-${pipelineTask}-${index}`));
}
