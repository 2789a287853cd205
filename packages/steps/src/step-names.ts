/** The names of all steps, as `tekton-dag step <name>` takes them. */

export const stepNames = [
  'prepare',
  'prepare-continue',
  'resolve-stack',
  'build',
  'build-app-fetch',
  'build-app-image',
  'deploy-baseline',
  'deploy-intercepts-gateway',
  'deploy-intercept-mirrord',
  'deploy-stack-intercepts',
  'verify-propagation',
  'verify-original-traffic',
  'test-fetch',
  'test-run',
  'test-report',
  'release',
  'run-hook',
  'cleanup',
] as const;

export type StepName = (typeof stepNames)[number];

/** True for a name that `runStep` takes. */
export const isStepName = (name: string): name is StepName => stepNames.some((known) => known === name);
