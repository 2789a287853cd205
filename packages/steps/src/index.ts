/** What runs inside the steps of the pipelines: one folder per step; `runStep` is the door. */

export { runStep } from './run-step.ts';
export type { SessionProxy, StartSessionProxy, StepContext } from './step-context.ts';
export { isStepName, stepNames, type StepName } from './step-names.ts';
