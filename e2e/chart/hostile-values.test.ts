/**
 * Texts that YAML or templates would read as something else, in every value at once: each is refused, or it arrives as the text
 * that it is, where a harmless one arrives, and nothing else changes.
 */

import { readFile } from 'node:fs/promises';
import { beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { idOf, parseChartObjects, type ChartObject } from './rig/chart-object.ts';
import { describeWithHelm } from './rig/describe-with-helm.ts';
import { CHART, CHECKOUT, renderGood, renderRelease, type Release } from './rig/render-release.ts';

type Values = Readonly<Record<string, unknown>>;

const HARMLESS = 'qzq';
const HOSTILE = [
  'true',
  '123',
  '1e3',
  'null',
  '{{ .Values.name }}',
  'a: b # c',
  `"double' single\\`,
  'one\n---\ntwo: three',
  '- *item &x !!y %z',
  ' Grüße \u{2028}\u{1F600}',
];

/** Texts that are templates on purpose, or files of their own. */
const NOT_TEXTS = new Set(['extraObjects', 'stackFiles']);
/** An identifier that is a digest of names. */
const DIGEST = /^[0-9a-f]{32}$/;
const MOST_ROUNDS = 10;
const SETUP_TIMEOUT_MS = 300_000;

const isMap = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function mergeMaps(under: unknown, over: unknown): unknown {
  if (!isMap(under) || !isMap(over)) return over;
  const merged = Object.entries(over).map(([key, value]) => [key, mergeMaps(under[key], value)]);
  return { ...under, ...Object.fromEntries(merged) };
}

type Change = (text: string, path: string) => string;

/** With every text changed; steps of its path begin with a dot. */
function changeTexts(value: unknown, change: Change, path = ''): unknown {
  if (typeof value === 'string') return change(value, path);
  if (Array.isArray(value)) return value.map((item, at) => changeTexts(item, change, `${path}.${at}`));
  if (!isMap(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    path === '' && NOT_TEXTS.has(key) ? item : changeTexts(item, change, `${path}.${key}`),
  ]);
  return Object.fromEntries(entries);
}

/** The text in place of a value: URLs and paths stay such. */
function formed(value: string, text: string): string {
  if (value.startsWith('http')) return `https://example.com/${text}`;
  return value.startsWith('/') ? `/${text}` : text;
}

const readYaml = async (file: string): Promise<unknown> => parse(await readFile(file, 'utf8'));
const everyValue = mergeMaps(
  await readYaml(`${CHART}/values.yaml`),
  await readYaml(`${CHECKOUT}/e2e/chart/values/every-feature.yaml`),
);

/** With the text in every value but those of these paths. */
function releaseWith(text: string, without: ReadonlySet<string>, namespace = 'all'): Release {
  const values = changeTexts(everyValue, (value, path) => (without.has(path) ? value : formed(value, text)));
  return { namespace, set: isMap(values) ? { ...values, namespace: '' } : {} };
}

/** Paths of values that Helm (by JSON pointers, RFC 6901) or the chart complains of. */
function toldPaths(stderr: string): readonly string[] {
  const bySchema = [...stderr.matchAll(/^ *- at '([^']*)'/gm)].map(([, pointer = '']) =>
    pointer.replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~'),
  );
  const byChart = [...stderr.matchAll(/^([A-Za-z][\w.[\]-]*): /gm)].map(
    ([, path = '']) => `.${path.replaceAll('[', '.').replaceAll(']', '')}`,
  );
  return [...bySchema, ...byChart];
}

/** Paths of values that do not take the text. */
async function findRefused(text: string): Promise<ReadonlySet<string>> {
  const refused = new Set<string>();
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const { code, stderr } = await renderRelease(releaseWith(text, refused));
    if (code === 0) return refused;
    const before = refused.size;
    for (const path of toldPaths(stderr)) refused.add(path);
    if (refused.size === before) throw new Error(`refused, and not for a value:\n${stderr}`);
  }
  throw new Error(`still refused after ${MOST_ROUNDS} rounds`);
}

/** The objects by what they are, with texts in place of others; files in ConfigMaps as what they say. */
function readObjects(yaml: string, change: (text: string) => string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    parseChartObjects(yaml).map((object) => [change(idOf(object)), changeAll(openFiles(object), change)]),
  );
}

function openFiles(object: ChartObject): object {
  const { kind, data } = object;
  if (kind !== 'ConfigMap' || !isMap(data)) return object;
  return {
    ...object,
    data: Object.fromEntries(Object.entries(data).map(([name, text]) => [name, parse(String(text))])),
  };
}

function changeAll(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return DIGEST.test(value) ? 'digest' : change(value);
  if (Array.isArray(value)) return value.map((item) => changeAll(item, change));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [change(key), changeAll(item, change)]),
  );
}

describeWithHelm('a text that looks like something else', () => {
  let refusedHarmless: ReadonlySet<string>;
  beforeAll(async () => {
    refusedHarmless = await findRefused(HARMLESS);
  }, SETUP_TIMEOUT_MS);

  it.each(HOSTILE)('is refused, or is that text: %j', async (hostile) => {
    const refused = new Set([...refusedHarmless, ...(await findRefused(hostile))]);
    const isNamespace = /^[a-z0-9]+$/.test(hostile);
    const [rendered, expected] = await Promise.all(
      [hostile, HARMLESS].map((text) => renderGood(releaseWith(text, refused, isNamespace ? text : 'all'))),
    );
    const swap = (text: string): string => text.replaceAll(HARMLESS, hostile);
    expect(readObjects(rendered ?? '', (text) => text)).toEqual(readObjects(expected ?? '', swap));
    expect(rendered).not.toBe(expected);
  });
});

describeWithHelm('an extra object', () => {
  const data = { key: 'in {{ $labels.namespace }}: {{ .Values.name }}' };
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'extra' }, data };
  const dataOf = async (object: unknown): Promise<unknown> => {
    const objects = parseChartObjects(await renderGood({ set: { extraObjects: [object] } }));
    return objects.find(({ metadata }) => metadata.name === 'extra')?.['data'];
  };

  it('is as it is when it is a map, as alerts with templates of their own are', async () => {
    expect(await dataOf(map)).toEqual(data);
  });

  it('is a template when it is a text', async () => {
    const text = JSON.stringify({ ...map, data: { key: 'of team {{ .Values.name }}' } });
    expect(await dataOf(text)).toEqual({ key: 'of team default' });
  });
});
