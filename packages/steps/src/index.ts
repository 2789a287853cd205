/** What runs inside the steps of the pipelines: one folder per step; `runStep` is the door. */

export { inspectImage, type InspectedImage } from './image/inspect-image.ts';
export { isPlainHttpImage } from './registry/is-plain-http-image.ts';
export { runStep } from './run-step.ts';
export type { SessionProxy, StartSessionProxy, StepContext } from './step-context.ts';
export { isStepName, stepNames, type StepName } from './step-names.ts';
