/** The whole schema of a kind: its own schema with apiVersion, kind and metadata. */

import type { OpenApiSchema, ResourceDefinition } from '../../contracts/resource-definition.ts';
import { isRecord } from '../../objects/is-record.ts';
import { apiVersionOf } from '../http/api-request.ts';
import { OBJECT_META_SCHEMA } from './object-meta-schema.ts';

const made = new WeakMap<ResourceDefinition, OpenApiSchema>();

const build = (definition: ResourceDefinition): OpenApiSchema => {
  const own = definition.schema ?? { 'x-kubernetes-preserve-unknown-fields': true };
  const properties = isRecord(own.properties) ? own.properties : {};
  const { group, version, kind } = definition;
  return {
    type: 'object',
    ...own,
    properties: {
      ...properties,
      apiVersion: { type: 'string', description: `The version of the API: ${apiVersionOf(definition)}.` },
      kind: { type: 'string', description: `The kind of the object: ${kind}.` },
      metadata: OBJECT_META_SCHEMA,
    },
    'x-kubernetes-group-version-kind': [{ group, version, kind }],
  };
};

/** Made once per kind. */
export const objectSchema = (definition: ResourceDefinition): OpenApiSchema => {
  const found = made.get(definition);
  if (found !== undefined) return found;
  const schema = build(definition);
  made.set(definition, schema);
  return schema;
};
