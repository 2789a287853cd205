/** The table of features in docs/local-cluster.md, made of the corpus and of what was recorded. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ConformanceCase } from './read-case.ts';
import { readOutcome } from './recorded-outcomes.ts';

export const DOCUMENT = join(import.meta.dirname, '../../../../docs/local-cluster.md');
export const TABLE_START = '<!-- conformance: made by record.ts -->';
export const TABLE_END = '<!-- conformance: end -->';

export interface Row {
  readonly feature: string;
  readonly real: string;
  readonly local: string;
}

const runSchema = z.object({ reason: z.string() });

/** One row for each case. */
export function tableRows(cases: readonly ConformanceCase[]): Row[] {
  return cases.map((one) => ({
    feature: one.title,
    real: realOf(one),
    local: one.differs?.why ?? 'the same',
  }));
}

/** The reasons that the case's runs ended with, each with how often. */
function realOf({ name, objects, flags }: ConformanceCase): string {
  const outcome = readOutcome(name);
  const reasons = objects.flatMap(({ kind, metadata }) => {
    const run = runSchema.safeParse(outcome[`${kind}/${metadata.name}`]);
    return run.success ? [run.data.reason] : [];
  });
  const refused = z.array(z.string()).default([]).parse(outcome['refused']);
  const counted = Map.groupBy([...reasons, ...refused.map(() => 'refused')], (reason) => reason);
  const told = [...counted].map(([reason, all]) => (all.length === 1 ? reason : `${reason} (${all.length})`));
  const needs = Object.entries(flags).map(([flag, value]) => `with ${flag}: ${value}`);
  return [...told, ...needs].join(', ');
}

export function renderTable(rows: readonly Row[]): string {
  const lines = rows.map(({ feature, real, local }) => `| ${feature} | ${real} | ${local} |`);
  return ['| feature | real Tekton | local |', '| --- | --- | --- |', ...lines].join('\n');
}

/** The rows that the document shows. */
export function shownRows(): Row[] {
  const text = readFileSync(DOCUMENT, 'utf8');
  const table = text.slice(text.indexOf(TABLE_START) + TABLE_START.length, text.indexOf(TABLE_END));
  return table
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) => {
      const [feature = '', real = '', local = ''] = line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
      return { feature, real, local };
    });
}
