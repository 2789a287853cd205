/** chartJsonSchemas: the published JSON Schemas (draft 2020-12) of the chart's values. */

import { listFormats } from '@tekton-dag/model';
import { z } from 'zod';
import { chartValuesSchema, teamValuesFileSchema } from './chart-values-schema.ts';
import { describeValues } from './describe-values.ts';
import type { ValueComments } from './read-value-comments.ts';

const PUBLISHED = {
  'helm/tekton-dag/values.schema.json': { title: 'Values', schema: chartValuesSchema },
  'teams/values.schema.json': { title: 'Values of a team', schema: teamValuesFileSchema },
} as const;

/** Path in the repository to JSON Schema; `comments` are those of values.yaml, which describe the chart's keys. */
export function chartJsonSchemas(comments: ValueComments): Record<string, object> {
  return Object.fromEntries(
    Object.entries(PUBLISHED).map(([path, { title, schema }]) => {
      const { $schema, ...rest } = z.toJSONSchema(schema, {
        io: 'input',
        target: 'draft-2020-12',
        override: ({ jsonSchema }) => {
          dropPattern(jsonSchema);
          foldNull(jsonSchema);
        },
      });
      return [path, { $schema, title, ...describeValues(rest, comments) }];
    }),
  );
}

/** Go's engine has no look-ahead, and the chart has better words for formats: files/team-rules.yaml. */
function dropPattern(jsonSchema: z.core.JSONSchema.BaseSchema): void {
  const isFormat = Object.values(listFormats()).some(({ pattern }) => pattern.source === jsonSchema.pattern);
  if (isFormat) delete jsonSchema.pattern;
}

/** A map or null, as one schema: what editors show for a choice of two is hard to read. */
function foldNull(jsonSchema: z.core.JSONSchema.BaseSchema): void {
  const [form, nothing, ...more] = jsonSchema.anyOf ?? [];
  if (nothing?.type !== 'null' || form?.type === undefined || more.length > 0) return;
  delete jsonSchema.anyOf;
  Object.assign(jsonSchema, form, { type: [form.type, 'null'].flat() });
  if (form.enum !== undefined) jsonSchema.enum = [...form.enum, null];
}
