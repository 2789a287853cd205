/** When expressions of Tekton v1 (docs: pipelines.md "Guard Task execution using when expressions"). */

export type WhenOperator = 'in' | 'notin';

/** Either input, operator and values, or a CEL expression. */
export type WhenExpression = {
  readonly input?: string;
  readonly operator?: WhenOperator;
  readonly values?: readonly string[];
  readonly cel?: string;
};
