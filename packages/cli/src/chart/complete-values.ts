/**
 * completeValues: the form of the values that templates see, the chart's defaults among them. Only what has an empty form may
 * be missing: a null, or a key with nothing behind it, takes a default away (https://helm.sh/docs/chart_template_guide/values_files).
 */

import { z } from 'zod';

const EMPTY_FORMS: readonly unknown[] = [null, '', [], {}];

/** The same form, where what `partial()` made optional is required unless it has an empty form. */
export function completeValues({ shape }: z.ZodObject): z.ZodObject {
  return z.strictObject(
    Object.fromEntries(
      Object.entries(shape).map(([key, schema]) => [
        key,
        schema instanceof z.ZodOptional ? completed(schema.unwrap()) : schema,
      ]),
    ),
  );
}

/** Whether a null in place of the value leaves templates something to work with. */
export function mayBeRemoved(schema: z.core.$ZodType): boolean {
  return completed(schema) instanceof z.ZodOptional;
}

function completed(schema: z.core.$ZodType): z.core.$ZodType {
  const whole = isGroup(schema) ? completeValues(schema).meta(schema.meta() ?? {}) : schema;
  const isEmptiable = EMPTY_FORMS.some((form) => z.safeParse(whole, form).success);
  return isEmptiable ? z.optional(whole) : whole;
}

/** Keys of the chart, as opposed to a part of a Kubernetes object, whose keys are optional by themselves. */
function isGroup(schema: z.core.$ZodType): schema is z.ZodObject {
  return (
    schema instanceof z.ZodObject &&
    Object.values(schema.shape).some((child) => child instanceof z.ZodOptional)
  );
}
