/** The headers that mark a request as a session's, with a trace of its own. */
import { randomBytes } from 'node:crypto';
import type { Plan } from '@tekton-dag/model';
import { StepFailure } from '../step-failure.ts';

/** The session of a plan for a pull request; other plans have none. */
export const sessionOfPlan = (plan: Plan): string => {
  if (plan.session !== undefined) return plan.session;
  throw new StepFailure(`a ${plan.mode} run has no session`, { code: 'PLAN_WITHOUT_SESSION' });
};

/** Header and baggage member that routers and apps look at. */
export const sessionHeaders = (plan: Plan): Record<string, string> => {
  const session = sessionOfPlan(plan);
  return { [plan.headerName]: session, baggage: `${plan.baggageKey}=${encodeURIComponent(session)}` };
};

export interface Trace {
  /** 32 hex digits. */
  readonly traceId: string;
  /** W3C Trace Context, version 00, sampled. */
  readonly traceparent: string;
}

/** A new trace. */
export const newTrace = (): Trace => {
  const traceId = randomBytes(16).toString('hex');
  return { traceId, traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01` };
};
