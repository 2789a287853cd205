/** Fills in the `default` values of a structural schema (apiextensions.k8s.io/v1, defaulting). */

import { isRecord } from '../../objects/is-record.ts';
import type { OpenApiSchema } from '../../contracts/resource-definition.ts';

const defaultedFields = (value: Record<string, unknown>, schema: OpenApiSchema): Record<string, unknown> => {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const missing = Object.entries(properties).flatMap(([key, child]) =>
    !(key in value) && isRecord(child) && child.default !== undefined
      ? [[key, structuredClone(child.default)]]
      : [],
  );
  const complete: Record<string, unknown> = { ...value, ...Object.fromEntries(missing) };
  const schemaOf = (key: string): unknown => properties[key] ?? schema.additionalProperties;
  return Object.fromEntries(
    Object.entries(complete).map(([key, child]) => {
      const childSchema = schemaOf(key);
      return [key, isRecord(childSchema) ? applyDefaults(child, childSchema) : child];
    }),
  );
};

/** A copy of `value` with every missing field that has a default, at any depth. */
export const applyDefaults = (value: unknown, schema: OpenApiSchema): unknown => {
  if (Array.isArray(value)) {
    const { items } = schema;
    return isRecord(items) ? value.map((item) => applyDefaults(item, items)) : value;
  }
  return isRecord(value) ? defaultedFields(value, schema) : value;
};
