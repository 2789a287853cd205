import { readFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { settingsSchema } from '@tekton-dag/orchestrator';
import {
  CHART_OWNED_SETTINGS,
  chartFiles,
  chartValuesSchema,
  listValues,
  teamValuesSchema,
  TEAM_KEYS,
} from '../src/chart/index.ts';

const ROOT = new URL('../../../', import.meta.url);
const text = await readFile(new URL('helm/tekton-dag/values.yaml', ROOT), 'utf8');
const values: unknown = parse(text);
const files = chartFiles(text);
const schema = files['helm/tekton-dag/values.schema.json'];
const rows = listValues({ schema, defaults: values });

/** Paths of everything that is no map, or an empty one. */
function leavesOf(value: unknown, path = ''): string[] {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isMap || Object.keys(value).length === 0) return [path];
  return Object.entries(value).flatMap(([key, child]) =>
    leavesOf(child, path === '' ? key : `${path}.${key}`),
  );
}

describe('the files that are made from the schema of values', () => {
  it.each(Object.entries(files))('%s is what scripts/generate-schemas.ts writes', async (path, content) => {
    const written = await readFile(new URL(path, ROOT), 'utf8');
    if (typeof content !== 'string') return expect(JSON.parse(written)).toEqual(content);
    const options = await resolveConfig(new URL(path, ROOT));
    expect(written).toBe(await format(content, { ...options, filepath: path }));
  });
});

describe('values.yaml', () => {
  it('meets the schema, but for the namespace, which is the release’s when it is empty', () => {
    const { error } = chartValuesSchema.safeParse(values);
    expect(error?.issues.map(({ path }) => path.join('.'))).toEqual(['namespace']);
  });

  it('has every key of the chart that the schema has, with a default', () => {
    const without = rows.filter(
      ({ path, defaultValue, isGroup }) =>
        defaultValue === undefined && !isGroup && !TEAM_KEYS.includes(path) && path !== 'global',
    );
    expect(without.map(({ path }) => path)).toEqual(['orchestrator.resources.claims']);
  });

  it('has no key that the table of values does not have', () => {
    const known = new Set(rows.map(({ path }) => path));
    const unknown = leavesOf(values).filter(
      (path) => !known.has(path) && !known.has(path.split('.').slice(0, -1).join('.')),
    );
    expect(unknown).toEqual([]);
  });

  it('says of every value what it is, by itself or by what it is in', () => {
    const described = new Set(rows.filter(({ description }) => description !== '').map(({ path }) => path));
    const silent = rows.filter(({ path }) => {
      const parts = path.split('.');
      return !parts.some((_, index) => described.has(parts.slice(0, index + 1).join('.')));
    });
    expect(silent.map(({ path }) => path)).toEqual([]);
  });
});

describe('the settings of the orchestrator', () => {
  it('are those of the orchestrator, each the chart’s or to be set', () => {
    const settings = Object.keys(teamValuesSchema.shape.orchestrator.unwrap().shape.settings.unwrap().shape);
    expect([...settings, ...CHART_OWNED_SETTINGS].toSorted()).toEqual(
      Object.keys(settingsSchema.shape).toSorted(),
    );
  });
});
