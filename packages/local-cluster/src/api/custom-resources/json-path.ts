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

const toStep = (match: RegExpMatchArray): Step => {
  const [, field, quoted, index, wildcard, path = '', operator = '==', double, single, bare] = match;
  const name = field ?? quoted;
  if (wildcard !== undefined || field === '*') return everyMember;
  if (name !== undefined) return byField(unescape(name));
  if (index !== undefined) return byIndex(Number(index));
  return byFilter(path, operator, double ?? single ?? bare ?? '');
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
