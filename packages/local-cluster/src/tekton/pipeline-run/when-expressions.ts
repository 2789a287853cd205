/** Guards of a pipeline task: it runs when all its `when` expressions hold (Tekton docs: pipelines.md). */

import { isCelError, run } from '@bufbuild/cel';
import { err, ok, type Result } from '@tekton-dag/model';
import type { WhenExpression } from '../specs/pipeline-spec.ts';

/** Whether the task may run; fails when a CEL expression cannot be evaluated to true or false. */
export function allowsExecution(when: readonly WhenExpression[]): Result<boolean, string> {
  let allowed = true;
  for (const expression of when) {
    const outcome = holds(expression);
    if (!outcome.ok) return outcome;
    allowed &&= outcome.value;
  }
  return ok(allowed);
}

function holds(expression: WhenExpression): Result<boolean, string> {
  if (expression.cel !== undefined && expression.cel !== '') return evaluateCel(expression.cel);
  const values = typeof expression.values === 'string' ? [expression.values] : (expression.values ?? []);
  const isIn = values.includes(expression.input ?? '');
  return ok(expression.operator === 'notin' ? !isIn : isIn);
}

/** Variables were replaced before, so the expression is made of literals alone. */
function evaluateCel(expression: string): Result<boolean, string> {
  try {
    const value = run(expression);
    if (isCelError(value)) return err(value.message);
    return typeof value === 'boolean'
      ? ok(value)
      : err(`The CEL expression ${expression} is not evaluated to a boolean`);
  } catch (cause) {
    return err(cause instanceof Error ? cause.message : String(cause));
  }
}
