/**
 * removableValues: the form of a file of values that comes after the chart's own, where null takes a default away
 * (https://helm.sh/docs/chart_template_guide/values_files, Deleting a default key).
 */

import { z } from 'zod';
import { mayBeRemoved } from './complete-values.ts';

/** What is in them has no default, and Helm hands such a null on. */
const WITHOUT_DEFAULTS = new Set(['settings', 'tracing', 'affinity', 'global']);

/** The same form, where every key whose default may be taken away may be null besides. */
export function removableValues({ shape }: z.ZodObject): z.ZodObject {
  const entries = Object.entries(shape).map(([key, schema]) => {
    const value = unwrap(schema);
    const form = WITHOUT_DEFAULTS.has(key) ? value : removable(value);
    const canGo = schema instanceof z.ZodExactOptional || mayBeRemoved(value);
    return [key, z.exactOptional(canGo ? z.nullable(form) : form)];
  });
  return z.strictObject(Object.fromEntries(entries));
}

function removable(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodObject) return removableValues(schema);
  if (schema instanceof z.ZodRecord) return z.record(schema.keyType, z.nullable(schema.valueType));
  return schema;
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional
    ? unwrap(schema.unwrap())
    : schema;
}

/** Without the keys of maps that are null. */
export function dropRemoved(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const kept = Object.entries(value).filter(([, child]) => child !== null);
  return Object.fromEntries(kept.map(([key, child]) => [key, dropRemoved(child)]));
}
