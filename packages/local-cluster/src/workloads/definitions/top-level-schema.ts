/** The schema of a whole object around the fields that are the kind's own. */

import type { OpenApiSchema } from '../../contracts/resource-definition.ts';

/** `fields` are the kind's own top-level fields, e.g. `spec`. */
export function topLevelSchema(
  description: string,
  fields: Readonly<Record<string, OpenApiSchema>>,
): OpenApiSchema {
  return {
    type: 'object',
    description,
    properties: {
      apiVersion: { type: 'string', description: 'Group and version of the kind.' },
      kind: { type: 'string', description: 'Name of the kind.' },
      metadata: { type: 'object', description: 'Name, namespace, labels, annotations, owners.' },
      ...fields,
      status: { type: 'object', description: 'What the cluster found out; written by controllers.' },
    },
  };
}
