/** Turns a zod schema into the OpenAPI v3 form that `kubectl explain` and strict field checks read. */

import { z } from 'zod';
import type { OpenApiSchema } from '../../contracts/resource-definition.ts';

/** Marks a value that may be a number or a string (Kubernetes IntOrString and Quantity). */
export const INT_OR_STRING = { 'x-kubernetes-int-or-string': true } as const;

const ANYTHING = 'x-kubernetes-preserve-unknown-fields';

const DROPPED = new Set(['$schema', 'minimum', 'maximum', 'additionalProperties']);

/** Objects with properties are closed, so that a misspelt field is found; bounds are checked by the schema itself. */
export function toOpenApiSchema(schema: z.ZodType): OpenApiSchema {
  const json = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      for (const key of Object.keys(jsonSchema).filter((name) => isDropped(jsonSchema, name)))
        delete jsonSchema[key];
      if (INT_OR_STRING_KEY in jsonSchema) delete jsonSchema.anyOf;
      delete jsonSchema.propertyNames;
      // An empty schema is none to kubectl explain.
      if (Object.keys(jsonSchema).length === 0) jsonSchema[ANYTHING] = true;
    },
  });
  return { ...json };
}

const [INT_OR_STRING_KEY = ''] = Object.keys(INT_OR_STRING);

function isDropped(schema: Readonly<Record<string, unknown>>, name: string): boolean {
  return DROPPED.has(name) && (name !== 'additionalProperties' || 'properties' in schema);
}
