/** Drops the fields that a schema does not know and tells which they were. */

import { isRecord } from '../../objects/is-record.ts';
import type { OpenApiSchema } from '../../contracts/resource-definition.ts';

export interface Pruned {
  readonly value: unknown;
  /** Paths as Kubernetes spells them, e.g. `spec.containers[0].imagee`. */
  readonly unknown: readonly string[];
}

const EMBEDDED = new Set(['apiVersion', 'kind', 'metadata']);

const asSchema = (value: unknown): OpenApiSchema | undefined => (isRecord(value) ? value : undefined);

/** True when a schema says nothing about an object's fields, so every field is welcome. */
const isOpen = (schema: OpenApiSchema): boolean =>
  schema['x-kubernetes-preserve-unknown-fields'] === true ||
  schema.additionalProperties === true ||
  (schema.properties === undefined &&
    schema.additionalProperties === undefined &&
    schema['x-kubernetes-structural'] !== true);

const fieldSchema = (schema: OpenApiSchema, key: string): OpenApiSchema | 'open' | undefined => {
  const properties = asSchema(schema.properties);
  const own = asSchema(properties?.[key]);
  if (own !== undefined) return own;
  if (schema['x-kubernetes-embedded-resource'] === true && EMBEDDED.has(key)) return 'open';
  return asSchema(schema.additionalProperties) ?? (isOpen(schema) ? 'open' : undefined);
};

const pruneList = (list: readonly unknown[], schema: OpenApiSchema, path: string): Pruned => {
  const items = asSchema(schema.items);
  if (items === undefined) return { value: list, unknown: [] };
  const pruned = list.map((item, index) => pruneUnknown(item, items, `${path}[${index}]`));
  return { value: pruned.map(({ value }) => value), unknown: pruned.flatMap(({ unknown }) => unknown) };
};

/** Checks `value` against `schema`; `path` is the prefix of the reported paths. */
export const pruneUnknown = (value: unknown, schema: OpenApiSchema, path = ''): Pruned => {
  if (Array.isArray(value)) return pruneList(value, schema, path);
  if (!isRecord(value)) return { value, unknown: [] };
  const unknown: string[] = [];
  const kept: [string, unknown][] = [];
  for (const [key, child] of Object.entries(value)) {
    const childPath = path === '' ? key : `${path}.${key}`;
    const found = fieldSchema(schema, key);
    if (found === undefined) unknown.push(childPath);
    else if (found === 'open') kept.push([key, child]);
    else {
      const pruned = pruneUnknown(child, found, childPath);
      unknown.push(...pruned.unknown);
      kept.push([key, pruned.value]);
    }
  }
  return { value: Object.fromEntries(kept), unknown };
};
