import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { SETTING_NAMES } from '../src/config/orchestrator-config.ts';

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
