/** The plan of a request, or the end of the step; pure. */
import { planRun, type Plan, type PlanRequest } from '@tekton-dag/model';
import { EXIT, StepFailure } from '../step-failure.ts';

/** Throws PLAN_IMPOSSIBLE with every reason. */
export const requirePlan = (request: PlanRequest): Plan => {
  const plan = planRun(request);
  if (plan.ok) return plan.value;
  throw new StepFailure(plan.error.map(({ message }) => message).join('; '), {
    code: 'PLAN_IMPOSSIBLE',
    hint: plan.error.find(({ hint }) => hint !== undefined)?.hint ?? 'mend the params of the run',
    exitCode: EXIT.invalidInput,
  });
};
