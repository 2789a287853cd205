/** A schema as a type guard that leaves the value as it is, unknown fields included. */

import type { z } from 'zod';

/** True when `value` satisfies the schema. */
export function conforms<T>(schema: z.ZodType<T>, value: unknown): value is T {
  return schema.safeParse(value).success;
}
