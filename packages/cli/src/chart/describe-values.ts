/** describeValues: a JSON Schema of values with the comments of values.yaml as descriptions. */

import type { ValueComments } from './read-value-comments.ts';

type JsonMap = Readonly<Record<string, unknown>>;

/** What the schema describes itself stays so. */
export function describeValues(schema: JsonMap, comments: ValueComments, path = ''): JsonMap {
  const comment = schema['description'] === undefined ? comments.get(path) : undefined;
  const described = comment === undefined ? schema : { ...schema, description: comment };
  const { properties } = schema;
  if (!isMap(properties)) return described;
  const inner = Object.entries(properties).map(([key, child]) => {
    const own = path === '' ? key : `${path}.${key}`;
    return [key, isMap(child) ? describeValues(child, comments, own) : child];
  });
  return { ...described, properties: Object.fromEntries(inner) };
}

function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
