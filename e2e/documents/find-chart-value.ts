/** findChartValue: whether the chart's values have a path, by their JSON Schema. */

import { z } from 'zod';

const nodeSchema = z.looseObject({
  $ref: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  allOf: z.array(z.unknown()).optional(),
});

/** Follows `#/$defs/...`. */
function follow(root: unknown, schema: unknown): z.output<typeof nodeSchema> | undefined {
  const node = nodeSchema.safeParse(schema).data;
  if (node?.$ref === undefined) return node;
  const keys = node.$ref.replace('#/', '').split('/');
  const target = keys.reduce<unknown>(
    (at, key) => z.record(z.string(), z.unknown()).safeParse(at).data?.[key],
    root,
  );
  return follow(root, target);
}

/** What the schema says of a key; undefined where it knows none of that name. */
function findBelow(node: z.output<typeof nodeSchema>, key: string): unknown {
  if (node.properties !== undefined) return node.properties[key];
  return node.additionalProperties === false ? undefined : node.additionalProperties;
}

function hasPath(root: unknown, schema: unknown, path: readonly string[]): boolean {
  const [key, ...rest] = path;
  if (key === undefined || schema === true) return true;
  const node = follow(root, schema);
  if (node === undefined) return false;
  const below = findBelow(node, key);
  if (below !== undefined) return hasPath(root, below, rest);
  return [...(node.anyOf ?? []), ...(node.allOf ?? [])].some((each) => hasPath(root, each, path));
}

/** `foreign` where the first word is no key of the chart: a file name, or something else with a dot. */
export function findChartValue(root: unknown, path: readonly string[]): 'there' | 'missing' | 'foreign' {
  if (!hasPath(root, root, path.slice(0, 1))) return 'foreign';
  return hasPath(root, root, path) ? 'there' : 'missing';
}
