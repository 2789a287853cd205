/** Defaults that a null takes away, as a key with nothing behind it does: what is left is the empty value, or a refusal. */

import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { TEAM_KEYS } from '@tekton-dag/cli';
import { describeWithHelm } from './rig/describe-with-helm.ts';
import { listLeaves } from './rig/list-leaves.ts';
import { CHART, renderGood, renderRelease } from './rig/render-release.ts';

/** Parts of the chart that are off by default. */
const PARTS = [
  'metrics.serviceMonitor.enabled',
  'metrics.dashboard.enabled',
  'metrics.alerts.enabled',
  'orchestrator.ingress.enabled',
  'orchestrator.httpRoute.enabled',
];
const EVERY_PART = Object.fromEntries(PARTS.map((path) => [path, true]));

/** An empty map would be merged with the default, and an amount has no empty form. */
const IS_MERGED = /^orchestrator\.resources\.|\.labels\./;

const defaults: unknown = parse(await readFile(`${CHART}/values.yaml`, 'utf8'));
const leaves = listLeaves(defaults).filter(
  ({ path, value }) =>
    value !== null && !PARTS.includes(path) && !IS_MERGED.test(path) && !TEAM_KEYS.includes(path),
);
const groups = [...new Set(leaves.flatMap(({ path }) => parentsOf(path)))];

function parentsOf(path: string): string[] {
  const steps = path.split('.');
  return steps.slice(1).map((_, index) => steps.slice(0, index + 1).join('.'));
}

function emptyOf(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  return typeof value === 'string' ? '' : {};
}

/** Paths that Helm names as missing when all of these are null. */
async function findRefused(paths: readonly string[]): Promise<readonly string[]> {
  const { stderr } = await renderRelease({ set: setAll(paths, () => null) });
  return [...stderr.matchAll(/^ *- at '\/?(.*)': missing propert(?:y|ies) (.*)$/gm)].flatMap(
    ([, parent = '', names = '']) =>
      [...names.matchAll(/'([^']+)'/g)].map(([, name = '']) =>
        [...parent.split('/').filter((step) => step !== ''), name].join('.'),
      ),
  );
}

const setAll = (
  paths: readonly string[],
  valueOf: (path: string) => unknown,
): Readonly<Record<string, unknown>> => Object.fromEntries(paths.map((path) => [path, valueOf(path)]));

describeWithHelm('a null', () => {
  it('in place of a value is refused with its path, or is the empty value', async () => {
    const all = leaves.map(({ path }) => path);
    const refused = await findRefused(all);
    expect(refused).toEqual(expect.arrayContaining(['metrics.port', 'orchestrator.webhook.existingSecret']));
    const rest = leaves.filter(({ path }) => !refused.includes(path));
    expect(rest.map(({ path }) => path)).toEqual(expect.arrayContaining(['stackFiles', 'image.tag']));
    const empty = new Map(rest.map(({ path, value }) => [path, emptyOf(value)]));
    const [removed, emptied] = await Promise.all(
      [() => null, (path: string) => empty.get(path)].map((valueOf) =>
        renderGood({ set: { ...EVERY_PART, ...setAll([...empty.keys()], valueOf) } }),
      ),
    );
    expect(removed).toBe(emptied);
  });

  it.each([1, 2, 3])('in place of a map with keys of the chart is refused, too: %s deep', async (depth) => {
    const paths = groups.filter((path) => path.split('.').length === depth);
    const refused = await findRefused(paths);
    expect(refused).not.toEqual([]);
    const rest = paths.filter((path) => !refused.includes(path));
    expect(await renderGood({ set: setAll(rest, () => null) })).toMatch(/^kind: Deployment$/m);
  });
});
