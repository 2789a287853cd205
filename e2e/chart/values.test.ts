/** Every value of the chart does something, and every setting of the orchestrator can be set. */

import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { TEAM_KEYS, teamValuesSchema } from '@tekton-dag/cli';
import { GOLDEN_RELEASES } from './rig/chart-releases.ts';
import { describeWithHelm } from './rig/describe-with-helm.ts';
import { listLeaves } from './rig/list-leaves.ts';
import { otherValueOf } from './rig/other-values.ts';
import { renderObjects, renderOnce } from './rig/render-once.ts';
import { CHART, renderGood, type Release } from './rig/render-release.ts';

const EVERY_FEATURE: Release = GOLDEN_RELEASES['every-feature'];

/** With SQLite instead of Postgres. */
const SQLITE = {
  'orchestrator.store.postgres.existingSecret': '',
  'orchestrator.replicas': 1,
  'orchestrator.autoscaling.enabled': false,
};
const FIXED_REPLICAS = { 'orchestrator.autoscaling.enabled': false };

/** What must be so for a value to count, by the beginning of its path. */
const CONDITIONS: readonly (readonly [prefix: string, set: Readonly<Record<string, unknown>>])[] = [
  ['orchestrator.store.sqlite.', SQLITE],
  ['orchestrator.replicas', FIXED_REPLICAS],
  ['orchestrator.enabled', { 'triggers.enabled': false }],
  ['orchestrator.teamConfigMaps.namespace', { 'orchestrator.teamConfigMaps.selector': 'a=b' }],
  ['orchestrator.teamConfigMaps.selector', { 'orchestrator.teamConfigMaps.namespace': 'platform' }],
  ['image.tag', { 'image.digest': '' }],
  ['orchestrator.enabled', { 'triggers.enabled': false }],
];

/** Values that show nowhere in the objects, and why. */
const SILENT: Readonly<Record<string, string>> = {
  namespace: 'it is that of the release, or the chart refuses it',
  cluster: 'a release is on the cluster of its team; Argo CD reads the key',
};

const defaults: unknown = parse(await readFile(`${CHART}/values.yaml`, 'utf8'));
const given: unknown = parse(await readFile(new URL('values/every-feature.yaml', import.meta.url), 'utf8'));
const presentNow = new Map(
  [...listLeaves(defaults), ...listLeaves(given)].map(({ path, value }) => [path, value]),
);

const leaves = [
  ...listLeaves(defaults).filter(({ path }) => !TEAM_KEYS.includes(path)),
  ...TEAM_KEYS.map((path) => ({ path, value: presentNow.get(path) })),
].filter(({ path }) => SILENT[path] === undefined);

function conditionsOf(path: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    CONDITIONS.filter(([prefix]) => path.startsWith(prefix)).flatMap(([, set]) => Object.entries(set)),
  );
}

const deployment = z.looseObject({
  spec: z.object({
    template: z.object({
      spec: z.object({
        containers: z.array(
          z.looseObject({ env: z.array(z.looseObject({ name: z.string(), value: z.string().optional() })) }),
        ),
      }),
    }),
  }),
});

async function readEnvironment(release: Release): Promise<ReadonlyMap<string, string | undefined>> {
  const objects = await renderObjects(release);
  const found = deployment.parse(objects.find(({ kind }) => kind === 'Deployment'));
  const [container] = found.spec.template.spec.containers;
  return new Map((container?.env ?? []).map(({ name, value }) => [name, value]));
}

/** A value that the schema of a setting takes, and the text that the program must get. */
function sampleOf(schema: z.ZodType): { readonly value: unknown; readonly text: string } {
  const {
    type,
    enum: values,
    minimum,
    maximum,
  } = z
    .object({
      type: z.string(),
      enum: z.array(z.string()).optional(),
      minimum: z.number().optional(),
      maximum: z.number().optional(),
    })
    .parse(z.toJSONSchema(schema));
  if (values !== undefined) return { value: values[0], text: values[0] ?? '' };
  if (type === 'integer' || type === 'number') {
    const value = maximum ?? minimum ?? 1;
    return { value, text: String(value) };
  }
  return { value: 'https://example.com/a b"\'{{ x }}', text: 'https://example.com/a b"\'{{ x }}' };
}

const { settings, tracing } = teamValuesSchema.shape.orchestrator.unwrap().shape;
const variables = [
  ...Object.entries(settings.unwrap().shape).map(([name, schema]) => ({ group: 'settings', name, schema })),
  ...Object.entries(tracing.unwrap().shape).map(([name, schema]) => ({ group: 'tracing', name, schema })),
];

describeWithHelm('a setting of the orchestrator', () => {
  it.each(['settings', 'tracing'])('reaches the program as it was written: all of %s', async (group) => {
    const samples = variables
      .filter((variable) => variable.group === group)
      .map(({ name, schema }) => ({ name, ...sampleOf(schema) }));
    const set = Object.fromEntries(
      samples.map(({ name, value }) => [`orchestrator.${group}.${name}`, value]),
    );
    const environment = await readEnvironment({ set });
    expect(samples.length).toBeGreaterThan(8);
    for (const { name, text } of samples) expect(environment.get(name), name).toBe(text);
  });

  it('is not there twice, whatever is set', async () => {
    const objects = await renderObjects(EVERY_FEATURE);
    const found = deployment.parse(objects.find(({ kind }) => kind === 'Deployment'));
    const names = found.spec.template.spec.containers.flatMap(({ env }) => env.map(({ name }) => name));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});

describeWithHelm('every value', () => {
  it.concurrent.each(leaves)('does something: $path', async ({ path, value }) => {
    const conditions = conditionsOf(path);
    const current = presentNow.get(path) ?? value;
    const release = { ...EVERY_FEATURE, set: conditions };
    const changed = { ...release, set: { ...conditions, [path]: otherValueOf(path, current) } };
    const [before, after] = await Promise.all([renderOnce(release), renderGood(changed)]);
    expect(after === before, 'the objects are the same').toBe(false);
  });
});
