/** The part of kubectl's JSONPath that columns of custom resources use: fields, indices, wildcards, one filter. */

import { isRecord } from '../../objects/is-record.ts';

type Step = (values: readonly unknown[]) => readonly unknown[];

const TOKEN =
  /\.((?:[^.[\]\\]|\\.)+)|\[\s*'((?:[^'\\]|\\.)*)'\s*\]|\[(-?\d+)\]|(\[\*\]|\.\*)|\[\?\(\s*@\.([\w.-]+)\s*(==|!=)\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+))\s*\)\]/gy;

const fieldOf = (value: unknown, field: string): unknown => (isRecord(value) ? value[field] : undefined);

const present = (values: readonly unknown[]): readonly unknown[] =>
  values.filter((value) => value !== undefined);

const byField =
  (field: string): Step =>
  (values) =>
    present(values.map((value) => fieldOf(value, field)));

const byIndex =
  (index: number): Step =>
  (values) =>
    present(values.map((value) => (Array.isArray(value) ? value.at(index) : undefined)));

const everyMember: Step = (values) =>
  values.flatMap((value) => (Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : []));

const byFilter =
  (path: string, operator: string, wanted: string): Step =>
  (values) =>
    values
      .flatMap((value) => (Array.isArray(value) ? value : []))
      .filter((item) => {
        const found = path.split('.').reduce<unknown>(fieldOf, item);
        return (String(found) === wanted) === (operator === '==');
      });

const unescape = (text: string): string => text.replaceAll(/\\(.)/g, '$1');

interface Token {
  readonly field: string | undefined;
  readonly index: string | undefined;
  readonly wildcard: boolean;
  readonly filter: readonly [path: string, operator: string, wanted: string];
}

const readToken = ([
  ,
  field,
  quoted,
  index,
  wildcard,
  path = '',
  operator = '==',
  ...wanted
]: RegExpMatchArray): Token => ({
  field: field ?? quoted,
  index,
  wildcard: wildcard !== undefined || field === '*',
  filter: [path, operator, wanted.find((value) => value !== undefined) ?? ''],
});

const toStep = (match: RegExpMatchArray): Step => {
  const { field, index, wildcard, filter } = readToken(match);
  if (wildcard) return everyMember;
  if (field !== undefined) return byField(unescape(field));
  return index === undefined ? byFilter(...filter) : byIndex(Number(index));
};

const withoutBraces = (text: string): string => text.replace(/^\{(.*)\}$/s, '$1').replace(/^\$/, '');

/** Compiles a path such as `.status.conditions[?(@.type=="Ready")].status`; undefined when it is not understood. */
export const compileJsonPath = (text: string): ((root: unknown) => readonly unknown[]) | undefined => {
  const path = withoutBraces(text.trim());
  const matches = [...path.matchAll(TOKEN)];
  if (matches.reduce((length, [whole]) => length + whole.length, 0) !== path.length) return undefined;
  const steps = matches.map(toStep);
  return (root) => steps.reduce<readonly unknown[]>((values, step) => step(values), [root]);
};
