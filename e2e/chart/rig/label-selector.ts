/** selects: whether a label selector of Kubernetes selects labels. */

import { z } from 'zod';

export const labelsSchema = z.record(z.string(), z.string());

export const selectorSchema = z.strictObject({
  matchLabels: labelsSchema.default({}),
  matchExpressions: z
    .array(
      z.strictObject({
        key: z.string(),
        operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
        values: z.array(z.string()).default([]),
      }),
    )
    .default([]),
});

export type Labels = z.output<typeof labelsSchema>;
export type LabelSelector = z.output<typeof selectorSchema>;

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors; an empty one selects all. */
export function selects({ matchLabels, matchExpressions }: LabelSelector, labels: Labels): boolean {
  const byLabels = Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
  const byExpressions = matchExpressions.every(({ key, operator, values }) => {
    const value = labels[key];
    const isIn = value !== undefined && (operator.endsWith('In') ? values.includes(value) : true);
    return operator === 'In' || operator === 'Exists' ? isIn : !isIn;
  });
  return byLabels && byExpressions;
}
