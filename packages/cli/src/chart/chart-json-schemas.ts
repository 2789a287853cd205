/** chartJsonSchemas: the published JSON Schemas (draft 2020-12) of the chart's values. */

import { listFormats } from '@tekton-dag/model';
import { z } from 'zod';
import { chartValuesSchema, teamValuesSchema } from './chart-values-schema.ts';
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
        override: ({ jsonSchema, path: steps }) => {
          dropPattern(jsonSchema);
          describe(jsonSchema, steps, comments);
        },
      });
      return [path, { $schema, title, ...rest }];
    }),
  );
}

/** Go's engine has no look-ahead, and the chart has better words for formats: files/team-rules.yaml. */
function dropPattern(jsonSchema: z.core.JSONSchema.BaseSchema): void {
  const isFormat = Object.values(listFormats()).some(({ pattern }) => pattern.source === jsonSchema.pattern);
  if (isFormat) delete jsonSchema.pattern;
}

function describe(
  jsonSchema: z.core.JSONSchema.BaseSchema,
  steps: readonly (string | number)[],
  comments: ValueComments,
): void {
  const comment = comments.get(pathOf(steps));
  if (comment !== undefined && jsonSchema.description === undefined) jsonSchema.description = comment;
}

/** From steps of a JSON Schema to a path of values: every second one is `properties`. */
function pathOf(steps: readonly (string | number)[]): string {
  const isPlain = steps.every((step, index) => index % 2 === 1 || step === 'properties');
  return isPlain ? steps.filter((_, index) => index % 2 === 1).join('.') : '';
}
