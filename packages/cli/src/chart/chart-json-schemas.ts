/** chartJsonSchemas: the published JSON Schemas (draft 2020-12) of the chart's values. */

import { listFormats } from '@tekton-dag/model';
import { z } from 'zod';
import { chartValuesSchema, teamValuesSchema } from './chart-values-schema.ts';
import { describeValues } from './describe-values.ts';
import type { ValueComments } from './read-value-comments.ts';

const PUBLISHED = {
  'helm/tekton-dag/values.schema.json': { title: 'Values', schema: chartValuesSchema },
  'teams/values.schema.json': { title: 'Values of a team', schema: teamValuesSchema },
} as const;

/** Path in the repository to JSON Schema; `comments` are those of values.yaml, which describe the chart's keys. */
export function chartJsonSchemas(comments: ValueComments): Record<string, object> {
  return Object.fromEntries(
    Object.entries(PUBLISHED).map(([path, { title, schema }]) => {
      const { $schema, ...rest } = z.toJSONSchema(schema, {
        io: 'input',
        target: 'draft-2020-12',
        override: ({ jsonSchema }) => dropPattern(jsonSchema),
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
