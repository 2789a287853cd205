/** Params of pipelines and tasks are those that the pages list, with the same defaults. */

import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

const checkout = resolve(import.meta.dirname, '..');
/** In the order of the table's columns. */
const PIPELINES = ['stack-pr-test', 'stack-bootstrap', 'stack-merge-release'] as const;
const CODE = /^`([^`]+)`/;
/** What the table writes for a default that is no text. */
const EMPTY = '""';

const paramSchema = z.object({ name: z.string(), default: z.string().optional() });
const catalogSchema = z.object({ spec: z.object({ params: z.array(paramSchema) }) });

/** Name to default; undefined for a param that has to be given. */
async function readParams(file: string): Promise<ReadonlyMap<string, string | undefined>> {
  const [document] = parseAllDocuments(await readFile(join(checkout, file), 'utf8'));
  const { spec } = catalogSchema.parse(document?.toJS());
  return new Map(spec.params.map((param) => [param.name, param.default]));
}

/** Cells of the rows of the table below a heading, or below any line that begins so. */
async function readTable(page: string, before: string): Promise<readonly (readonly string[])[]> {
  const text = await readFile(join(checkout, page), 'utf8');
  const [, table = ''] = /\n\n((?:\|.*\n)+)/.exec(text.slice(text.indexOf(`\n${before}`))) ?? [];
  const [, , ...rows] = table.trim().split('\n');
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** `compile-image-npm, -pip (note)` names two. */
function expandNames(cell: string): readonly string[] {
  const [first = '', ...rest] = cell.replace(/ \(.*/, '').split(', ');
  const stem = first.replace(/-[^-]*$/, '');
  return [first, ...rest.map((name) => (name.startsWith('-') ? `${stem}${name}` : name))];
}

describe('the architecture', () => {
  it('lists the params of each pipeline', async () => {
    const rows = await readTable('docs/architecture.md', 'Pipeline params');
    for (const [column, pipeline] of PIPELINES.entries()) {
      const listed = rows
        .filter((cells) => cells[2 + column] === 'x')
        .flatMap(([names = '']) => expandNames(names));
      const params = await readParams(`pipeline/${pipeline}.yaml`);
      expect(listed.toSorted(), pipeline).toEqual([...params.keys()].toSorted());
    }
  });

  it('says their defaults', async () => {
    const rows = await readTable('docs/architecture.md', 'Pipeline params');
    const said = rows.flatMap(([names = '', text = '']) => {
      const [, value] = CODE.exec(text) ?? [];
      return value === undefined
        ? []
        : expandNames(names).map((name) => [name, value === EMPTY ? '' : value] as const);
    });
    expect(said.length).toBeGreaterThan(25);
    const pipelines = await Promise.all(PIPELINES.map((name) => readParams(`pipeline/${name}.yaml`)));
    const wrong = said.filter(([name, value]) =>
      pipelines.some((params) => params.has(name) && params.get(name) !== value),
    );
    expect(wrong).toEqual([]);
  });
});

it('the page of task deploy-intercept-mirrord lists its params', async () => {
  const rows = await readTable('docs/m7-mirrord-intercept-task.md', '## Its params');
  const listed = rows.map(([name = '']) => CODE.exec(name)?.[1]);
  expect(listed).toEqual([...(await readParams('tasks/deploy-intercept-mirrord.yaml')).keys()]);
});
