/** Checks `when` expressions: either a comparison or a CEL expression. */

import { parse } from '@bufbuild/cel';
import type { FieldError } from '../../contracts/resource-definition.ts';
import type { WhenExpression } from '../specs/pipeline-spec.ts';
import { invalidValue, missingField } from './field-problems.ts';

export function whenProblems(when: readonly WhenExpression[], field: string): FieldError[] {
  return when.flatMap((expression, index) => whenProblem(expression, `${field}[${index}]`));
}

function whenProblem(expression: WhenExpression, field: string): FieldError[] {
  const { cel = '', input = '', operator, values } = expression;
  if (cel === '') return comparisonProblem(expression, field);
  const isBoth = operator !== undefined || values !== undefined || input !== '';
  if (isBoth) {
    return [{ field, message: `cel and input+operator+values cannot be set in one WhenExpression: ${cel}` }];
  }
  return celProblem(cel, field);
}

function celProblem(cel: string, field: string): FieldError[] {
  try {
    parse(cel);
    return [];
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return [{ field, message: `invalid cel expression: ${cel} with err: ${why}` }];
  }
}

function comparisonProblem({ operator, values = [] }: WhenExpression, field: string): FieldError[] {
  if (operator !== 'in' && operator !== 'notin') {
    return [
      operator === undefined
        ? missingField(`${field}.operator`)
        : invalidValue(
            `${field}.operator`,
            `operator "${operator}" is not recognized. valid operators: in, notin`,
          ),
    ];
  }
  return values.length === 0 ? [invalidValue(`${field}.values`, 'expecting non-empty values field')] : [];
}
