/** renderObjects: a result in the form that `-o` asks for. */

import { renderTable } from './table.ts';

export const OUTPUT_FORMATS = ['wide', 'json', 'yaml', 'name'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** How objects of one sort are shown. */
export interface ObjectView<T> {
  /** `pipelinerun.tekton.dev/<name>`, as `kubectl -o name` prints it. */
  readonly nameOf: (object: T) => string;
  readonly headings: readonly string[];
  readonly row: (object: T) => readonly string[];
  readonly wideHeadings?: readonly string[];
  readonly wideRow?: (object: T) => readonly string[];
}

/** A table unless a format is asked for; JSON and YAML print the objects themselves, a list as a List. */
export async function renderObjects<T>(
  objects: readonly T[],
  view: ObjectView<T>,
  format: OutputFormat | undefined,
): Promise<string> {
  const whole = { apiVersion: 'v1', kind: 'List', items: objects };
  if (format === 'json' || format === 'yaml') return renderData(whole, format);
  if (format === 'name') return objects.map((object) => `${view.nameOf(object)}\n`).join('');
  const wide = format === 'wide';
  return renderTable(
    [...view.headings, ...(wide ? (view.wideHeadings ?? []) : [])],
    objects.map((object) => [...view.row(object), ...(wide ? (view.wideRow?.(object) ?? []) : [])]),
  );
}

/** One value as JSON or YAML, with a line end. */
export async function renderData(value: unknown, format: 'json' | 'yaml'): Promise<string> {
  if (format === 'json') return `${JSON.stringify(value, undefined, 2)}\n`;
  const { stringify } = await import('yaml');
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}
