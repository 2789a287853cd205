/** Label selectors: `a=b, c!=d, e in (x, y), f notin (z), g, !h`, all of which must hold. */

import { err, ok, type Result } from '@tekton-dag/model';

export type LabelMatcher = (labels: Readonly<Record<string, string>>) => boolean;

const NAME = '[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?';
const SET = new RegExp(`^(${NAME})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const EQUALITY = new RegExp(`^(${NAME})\\s*(==|=|!=)\\s*([-A-Za-z0-9_.]*)$`);
const EXISTS = new RegExp(`^(!?)\\s*(${NAME})$`);

/** Splits at the commas that stand outside parentheses. */
const splitRequirements = (text: string): string[] =>
  text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

const parseSet = (part: string): LabelMatcher | undefined => {
  const match = SET.exec(part);
  if (match === null) return undefined;
  const [, key = '', , operator, list = ''] = match;
  const values = new Set(list.split(',').map((value) => value.trim()));
  return operator === 'in'
    ? (labels) => Object.hasOwn(labels, key) && values.has(labels[key] ?? '')
    : (labels) => !Object.hasOwn(labels, key) || !values.has(labels[key] ?? '');
};

const parseEquality = (part: string): LabelMatcher | undefined => {
  const match = EQUALITY.exec(part);
  if (match === null) return undefined;
  const [, key = '', , operator, value = ''] = match;
  return operator === '!=' ? (labels) => labels[key] !== value : (labels) => labels[key] === value;
};

const parseExists = (part: string): LabelMatcher | undefined => {
  const match = EXISTS.exec(part);
  if (match === null) return undefined;
  const [, absent, key = ''] = match;
  return absent === '!' ? (labels) => !Object.hasOwn(labels, key) : (labels) => Object.hasOwn(labels, key);
};

/** Parses a selector; the empty text matches everything. The error is a sentence for the client. */
export const parseLabelSelector = (text: string): Result<LabelMatcher, string> => {
  const matchers: LabelMatcher[] = [];
  for (const part of splitRequirements(text)) {
    const matcher = parseSet(part) ?? parseEquality(part) ?? parseExists(part);
    if (matcher === undefined)
      return err(`unable to parse requirement: ${JSON.stringify(part)} is not a label requirement`);
    matchers.push(matcher);
  }
  return ok((labels) => matchers.every((matches) => matches(labels)));
};
