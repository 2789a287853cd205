/** The OpenAPI schema of a kind whose spec is checked by the engine itself. */

import type { OpenApiSchema } from '../../contracts/resource-definition.ts';

/** `spec` and `status` are open: clients check nothing in them and keep every field. */
export function openSchema(kind: string, description: string): OpenApiSchema {
  const open = (what: string): OpenApiSchema => ({
    type: 'object',
    description: what,
    'x-kubernetes-preserve-unknown-fields': true,
  });
  return {
    type: 'object',
    description,
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string', enum: [kind] },
      metadata: { type: 'object' },
      spec: open(`What the ${kind} is to do (Tekton docs: pipeline-api.md).`),
      status: open('What the engine observed.'),
    },
  };
}
