/** Alerts and dashboard of the chart: they ask for what the program tells, and every alert has its section in the runbook. */

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { createMetrics } from '../src/metrics.ts';

const run = promisify(execFile);
const root = new URL('../../../', import.meta.url);
const ALERTS = new URL('helm/tekton-dag/files/alerts.yaml', root);
const SCENARIOS = new URL('alerts/scenarios.yaml', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

const alertsSchema = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string().regex(/^TektonDag[A-Z][A-Za-z]+$/),
          expr: z.string(),
          for: z.string().regex(/^\d+[smh]$/),
          labels: z.strictObject({ severity: z.enum(['critical', 'warning']) }),
          annotations: z.strictObject({ summary: z.string().min(10), description: z.string().min(10) }),
        }),
      ),
    }),
  ),
});
const boardSchema = z.looseObject({
  panels: z.array(
    z.looseObject({
      id: z.int(),
      title: z.string().min(1),
      targets: z.array(z.looseObject({ refId: z.string(), expr: z.string() })).optional(),
    }),
  ),
});

const rules = alertsSchema.parse(parse(read(ALERTS.pathname))).groups.flatMap((group) => group.rules);
const { panels } = boardSchema.parse(JSON.parse(read('helm/tekton-dag/files/dashboard.json')));
const queries = panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ refId, expr }) => [`${title}, ${refId}`, expr] as const),
);
const expressions = [...rules.map(({ alert, expr }) => [alert, expr] as const), ...queries];

/** What Prometheus adds to each series when it scrapes it, and the label of buckets. */
const SCRAPED = ['namespace', 'job', 'pod', 'le'];
const SUFFIX = /_(?:bucket|count|sum)$/;

/** By name, the labels of what the program tells; `up` is Prometheus' own. */
const metrics: ReadonlyMap<string, readonly string[]> = new Map([
  ['up', []],
  ...createMetrics('0.0.0')
    .registry.getMetricsAsArray()
    .map((metric) => [metric.name, labelsOf(metric)] as const),
]);

function labelsOf(metric: object): readonly string[] {
  return z.looseObject({ labelNames: z.array(z.string()).default([]) }).parse(metric).labelNames;
}

interface Selector {
  readonly name: string;
  readonly labels: readonly string[];
}

/** Of every `name{label="value"}` of a query. */
function selectorsOf(query: string): readonly Selector[] {
  return [...query.matchAll(/([a-z_:][a-z0-9_:]*)\{([^}]*)\}/g)].map(([, name = '', matchers = '']) => ({
    name,
    labels: [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label = '']) => label),
  }));
}

/** Names of metrics that stand there without a selector, and so would count other installations too. */
function looseNamesOf(query: string): readonly string[] {
  const names = query.replaceAll(/\{[^}]*\}/g, '{}').match(/[a-z]+_[a-z0-9_]+\b(?!\{)/g) ?? [];
  return names.filter((name) => metrics.has(name) || metrics.has(name.replace(SUFFIX, '')));
}

function groupLabelsOf(query: string): readonly string[] {
  const lists = [...query.matchAll(/\b(?:by|on|without)\s*\(([^)]*)\)/g)].map(([, list = '']) => list);
  return lists.flatMap((list) => list.split(',').map((label) => label.trim()));
}

const metricOf = (name: string): readonly string[] | undefined =>
  metrics.get(name) ?? metrics.get(name.replace(SUFFIX, ''));

describe.each(expressions)('%s', (_name, query) => {
  const selectors = selectorsOf(query);

  it('asks for metrics and labels that there are', () => {
    expect(selectors.length).toBeGreaterThan(0);
    for (const { name, labels } of selectors) {
      const known = metricOf(name);
      expect(known, name).toBeDefined();
      expect(
        labels.filter((label) => !SCRAPED.includes(label) && known?.includes(label) !== true),
        name,
      ).toEqual([]);
    }
    const all = [...SCRAPED, ...selectors.flatMap(({ name }) => metricOf(name) ?? [])];
    expect(groupLabelsOf(query).filter((label) => !all.includes(label))).toEqual([]);
  });

  it('asks for one installation only', () => {
    expect(looseNamesOf(query)).toEqual([]);
    for (const { labels } of selectors) expect(labels).toEqual(expect.arrayContaining(['namespace', 'job']));
  });
});

it('has no alert and no panel twice', () => {
  const names = rules.map(({ alert }) => alert);
  expect(new Set(names).size).toBe(names.length);
  const ids = panels.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

it('explains every alert in the runbook, and no other', () => {
  const sections = [...read('docs/runbook.md').matchAll(/^### (\w+)$/gm)].map(([, name]) => name);
  expect(sections).toEqual(rules.map(({ alert }) => alert));
});

const scenariosSchema = z.looseObject({
  tests: z.array(
    z.looseObject({
      alert_rule_test: z.array(z.looseObject({ alertname: z.string(), exp_alerts: z.array(z.unknown()) })),
    }),
  ),
});

it('has for every alert a scenario in which it fires, and one in which it is quiet', () => {
  const { tests } = scenariosSchema.parse(parse(read(SCENARIOS.pathname)));
  const expected = tests.flatMap((test) => test.alert_rule_test);
  const alerts = rules.map(({ alert }) => alert).toSorted();
  const namesOf = (list: typeof expected) => [...new Set(list.map(({ alertname }) => alertname))].toSorted();
  expect(namesOf(expected.filter(({ exp_alerts }) => exp_alerts.length > 0))).toEqual(alerts);
  expect(namesOf(expected.filter(({ exp_alerts }) => exp_alerts.length === 0))).toEqual(alerts);
});

/** Of an expression that counts what came in a while: in a series that begins with 1, Prometheus sees nothing come. */
const increases = rules.flatMap(({ alert, expr }) =>
  [...expr.matchAll(/sum\(increase\(([a-z_]+)\{([^}]*)\}\[\d+[mh]\]\)\)\s+> \d/g)].map(
    ([, name = '', matchers = '']) => ({ alert, name, outcome: /outcome="(\w+)"/.exec(matchers)?.[1] }),
  ),
);

it('sees the first event of each kind: the program shows what it may count from the start, as 0', async () => {
  expect(increases.map(({ alert }) => alert)).toEqual([
    'TektonDagSignaturesRefused',
    'TektonDagDeliveriesFail',
    'TektonDagEventsLost',
  ]);
  const { registry } = createMetrics('0.0.0');
  for (const { name, outcome } of increases) {
    const { values = [] } = (await registry.getSingleMetric(name)?.get()) ?? {};
    expect(
      values.some(({ labels, value }) => labels['outcome'] === outcome && value === 0),
      name,
    ).toBe(true);
  }
});

async function hasPromtool(): Promise<boolean> {
  return await run('promtool', ['--version']).then(
    () => true,
    () => false,
  );
}

it.skipIf(!(await hasPromtool()))('fires when it should (needs promtool)', async () => {
  await run('promtool', ['check', 'rules', ALERTS.pathname]);
  const { stdout } = await run('promtool', ['test', 'rules', SCENARIOS.pathname]);
  expect(stdout).toContain('SUCCESS');
});
