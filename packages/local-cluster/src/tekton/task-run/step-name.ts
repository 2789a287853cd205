/** Names of steps and of their containers. */

import type { Step } from '../specs/task-spec.ts';

/** A step without a name is called by its place, from 0 (Tekton docs: tasks.md, "Defining Steps"). */
export function stepNameOf(step: Step, index: number): string {
  return step.name === undefined || step.name === '' ? `unnamed-${index}` : step.name;
}

export const stepContainer = (stepName: string): string => `step-${stepName}`;
export const sidecarContainer = (sidecarName: string): string => `sidecar-${sidecarName}`;
