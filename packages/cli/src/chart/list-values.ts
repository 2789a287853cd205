/** listValues: every value of the chart with its type, default and description, as documents show them. */

import { z } from 'zod';

export interface ValueRow {
  /** Such as `image.tag`. */
  readonly path: string;
  readonly type: string;
  /** JSON; absent where the chart has none. */
  readonly defaultValue: string | undefined;
  readonly description: string;
  /** It stands for the values below it, which have rows of their own. */
  readonly isGroup: boolean;
}

interface ValueSchema {
  readonly type?: string | readonly string[] | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly anyOf?: readonly ValueSchema[] | undefined;
  readonly description?: string | undefined;
  readonly properties?: Readonly<Record<string, ValueSchema>> | undefined;
}

const valueSchema: z.ZodType<ValueSchema> = z.object({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  description: z.string().optional(),
  get anyOf() {
    return z.array(valueSchema).optional();
  },
  get properties() {
    return z.record(z.string(), valueSchema).optional();
  },
});

export interface ValueSources {
  /** The JSON Schema of all values, with descriptions. */
  readonly schema: unknown;
  /** The value of values.yaml. */
  readonly defaults: unknown;
}

/** In the order of the schema; a map has a row of its own where it is open, or has something to say for all that it holds. */
export function listValues({ schema, defaults }: ValueSources): ValueRow[] {
  return rowsOf(valueSchema.parse(schema), defaults, '');
}

function rowsOf(schema: ValueSchema, value: unknown, path: string): ValueRow[] {
  const defaults = isRecord(value) ? value : {};
  return Object.entries(schema.properties ?? {}).flatMap(([key, child]) => {
    const ownPath = path === '' ? key : `${path}.${key}`;
    const own = defaults[key];
    const row = rowOf(child, own, ownPath);
    if (!isRecord(own) || Object.keys(own).length === 0 || child.properties === undefined) return [row];
    const inner = rowsOf(child, own, ownPath);
    return row.description === '' ? inner : [{ ...row, defaultValue: undefined, isGroup: true }, ...inner];
  });
}

function rowOf(schema: ValueSchema, value: unknown, path: string): ValueRow {
  return {
    path,
    type: typeOf(schema),
    defaultValue: value === undefined ? undefined : JSON.stringify(value),
    description: schema.description ?? '',
    isGroup: false,
  };
}

function typeOf({ type, enum: values, anyOf }: ValueSchema): string {
  if (values !== undefined) return values.map((value) => JSON.stringify(value)).join(', ');
  if (anyOf !== undefined) return [...new Set(anyOf.map(typeOf))].join(' or ');
  return [type ?? 'any'].flat().join(' or ');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
