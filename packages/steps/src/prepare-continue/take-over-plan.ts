/** The plan of a run that continues another: the same content, with this run's name on what it builds; pure. */
import { contentTagOf, INTERCEPT_BACKENDS, type Plan } from '@tekton-dag/model';
import { EXIT, StepFailure } from '../step-failure.ts';

export interface TakeOverOptions {
  readonly runName: string;
  /** Empty: that of the failed run. */
  readonly interceptBackend: string;
}

/** Throws INTERCEPT_BACKEND_UNKNOWN. */
export const takeOverPlan = (plan: Plan, { runName, interceptBackend }: TakeOverOptions): Plan => {
  const backend = INTERCEPT_BACKENDS.find((known) => known === (interceptBackend || plan.interceptBackend));
  if (backend === undefined) {
    throw new StepFailure(`intercept-backend: unknown backend ${JSON.stringify(interceptBackend)}`, {
      code: 'INTERCEPT_BACKEND_UNKNOWN',
      hint: `use one of: ${INTERCEPT_BACKENDS.join(', ')}`,
      exitCode: EXIT.invalidInput,
    });
  }
  const buildApps = plan.buildApps.map((build) => ({
    ...build,
    tags: [contentTagOf(build.contentKey), runName],
  }));
  return { ...plan, interceptBackend: backend, buildApps };
};
