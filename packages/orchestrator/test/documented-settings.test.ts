import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { SETTING_NAMES, settingsSchema } from '../src/config/orchestrator-config.ts';

const DOCS = new URL('../../../docs/', import.meta.url);
const pages = readdirSync(DOCS)
  .filter((name) => name.endsWith('.md'))
  .map((name) => readFileSync(new URL(name, DOCS), 'utf8'));
/** The first cell of each row of a table of settings. */
const rows = pages.flatMap((page) =>
  [...page.matchAll(/^\| `?(TEKTON_DAG_\w+)`? +\|/gm)].map(([, name]) => name),
);

it('documents every setting in a table', () => {
  expect(SETTING_NAMES.filter((name) => !rows.includes(name))).toEqual([]);
});

it('documents no setting that does not exist', () => {
  const known = new Set([...SETTING_NAMES, 'TEKTON_DAG_SERVER', 'TEKTON_DAG_TOKEN_FILE']);
  expect(rows.filter((name) => name !== undefined && !known.has(name))).toEqual([]);
});

const schemaOf = z.object({
  properties: z.record(
    z.string(),
    z.object({ default: z.union([z.string(), z.number(), z.boolean()]).optional() }),
  ),
});

it('documents the defaults that there are', () => {
  const { properties } = schemaOf.parse(
    z.toJSONSchema(settingsSchema, { io: 'input', unrepresentable: 'any' }),
  );
  const defaults = Object.entries(properties).flatMap(([name, { default: value }]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  expect(defaults.length).toBeGreaterThan(20);
  const cells = new Map(
    pages.flatMap((page) =>
      [...page.matchAll(/^\| `?(TEKTON_DAG_\w+)`? +\| *`?(.*?)`? *\|/gm)].map(([, name, cell]) => [
        name,
        cell,
      ]),
    ),
  );
  expect(defaults.map(([name]) => [name, cells.get(name)])).toEqual(defaults);
});
