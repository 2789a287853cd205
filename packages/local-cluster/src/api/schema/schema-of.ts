/** Builds OpenAPI v3 schemas in few words. */

import type { OpenApiSchema } from '../../contracts/resource-definition.ts';

const text = (description: string): OpenApiSchema => ({ type: 'string', description });

/** One function per shape; each takes the sentence that `kubectl explain` shows. */
export const schemaOf = {
  text,
  /** Text that is one of `values`. */
  oneOf: (description: string, values: readonly string[]): OpenApiSchema => ({
    type: 'string',
    description,
    enum: values,
  }),
  integer: (description: string): OpenApiSchema => ({ type: 'integer', format: 'int32', description }),
  boolean: (description: string): OpenApiSchema => ({ type: 'boolean', description }),
  time: (description: string): OpenApiSchema => ({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description,
  }),
  intOrText: (description: string): OpenApiSchema => ({ 'x-kubernetes-int-or-string': true, description }),
  list: (description: string, items: OpenApiSchema): OpenApiSchema => ({ type: 'array', description, items }),
  texts: (description: string): OpenApiSchema => ({ type: 'array', description, items: text('') }),
  /** A list whose items merge by these keys. */
  keyedList: (description: string, keys: readonly string[], items: OpenApiSchema): OpenApiSchema => ({
    type: 'array',
    description,
    items,
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': keys,
  }),
  map: (description: string, values: OpenApiSchema = text('')): OpenApiSchema => ({
    type: 'object',
    description,
    additionalProperties: values,
  }),
  object: (
    description: string,
    properties: Readonly<Record<string, OpenApiSchema>>,
    required: readonly string[] = [],
  ): OpenApiSchema => ({
    type: 'object',
    description,
    properties,
    ...(required.length === 0 ? {} : { required }),
  }),
  /** Any fields at all. */
  free: (description: string): OpenApiSchema => ({
    type: 'object',
    description,
    'x-kubernetes-preserve-unknown-fields': true,
  }),
} as const;
