/** Says whether labels satisfy a metav1.LabelSelector. */

import type { LabelSelector } from './workload-schemas.ts';

type Labels = Readonly<Record<string, string>>;

/** All of matchLabels and matchExpressions must hold; an empty selector matches everything. */
export function matchesSelector(selector: LabelSelector, labels: Labels): boolean {
  const byLabels = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  return (
    byLabels && (selector.matchExpressions ?? []).every((expression) => matchesExpression(expression, labels))
  );
}

/** The selector as `kubectl get -o wide` shows it. */
export function renderSelector(selector: LabelSelector | undefined): string {
  const byLabels = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const byExpressions = (selector?.matchExpressions ?? []).map(renderExpression);
  const all = [...byLabels, ...byExpressions];
  return all.length === 0 ? '<none>' : all.join(',');
}

type Expression = NonNullable<LabelSelector['matchExpressions']>[number];

function matchesExpression({ key, operator, values = [] }: Expression, labels: Labels): boolean {
  const value = labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
    default:
      return value === undefined;
  }
}

function renderExpression({ key, operator, values = [] }: Expression): string {
  switch (operator) {
    case 'In':
      return `${key} in (${values.join(',')})`;
    case 'NotIn':
      return `${key} notin (${values.join(',')})`;
    case 'Exists':
      return key;
    case 'DoesNotExist':
    default:
      return `!${key}`;
  }
}
