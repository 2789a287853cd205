/** OpenAPI v3 documents, one per group and version: what kubectl explain reads and kubectl apply checks. */

import { createHash } from 'node:crypto';
import type { OpenApiSchema, ResourceDefinition } from '../../contracts/resource-definition.ts';
import { isBuiltInGroup } from '../schema/list-semantics.ts';
import { objectSchema } from '../schema/object-schema.ts';

/** `api/v1` or `apis/<group>/<version>`. */
export const openApiPath = ({
  group,
  version,
}: {
  readonly group: string;
  readonly version: string;
}): string => (group === '' ? `api/${version}` : `apis/${group}/${version}`);

/** As Kubernetes names its models: `io.k8s.api.apps.v1.Deployment`, `dev.tekton.v1.Task`. */
const modelName = ({ group, version, kind }: ResourceDefinition): string => {
  const reversed = group.split('.').toReversed().join('.');
  if (!isBuiltInGroup(group)) return `${reversed}.${version}.${kind}`;
  return `io.k8s.api.${group === '' ? 'core' : (group.split('.')[0] ?? group)}.${version}.${kind}`;
};

const gvkOf = ({ group, version, kind }: ResourceDefinition) => ({ group, version, kind });

const queryParameter = (name: string, description: string) => ({
  name,
  in: 'query',
  description,
  schema: { type: 'string', uniqueItems: true },
});

const WRITE_PARAMETERS = [
  queryParameter('dryRun', 'All: do everything but store.'),
  queryParameter('fieldManager', 'The name of the writer.'),
  queryParameter('fieldValidation', 'What to do with unknown fields: Ignore, Warn or Strict.'),
];

const operation = (definition: ResourceDefinition, action: string, parameters: readonly unknown[]) => ({
  parameters,
  responses: {
    '200': {
      description: 'OK',
      content: { 'application/json': { schema: { $ref: `#/components/schemas/${modelName(definition)}` } } },
    },
  },
  'x-kubernetes-action': action,
  'x-kubernetes-group-version-kind': gvkOf(definition),
});

const pathsOf = (definition: ResourceDefinition): Record<string, unknown> => {
  const scope = definition.namespaced ? '/namespaces/{namespace}' : '';
  const collection = `/${openApiPath(definition)}${scope}/${definition.resource}`;
  return {
    [collection]: {
      get: operation(definition, 'list', []),
      post: operation(definition, 'post', WRITE_PARAMETERS),
    },
    [`${collection}/{name}`]: {
      get: operation(definition, 'get', []),
      put: operation(definition, 'put', WRITE_PARAMETERS),
      patch: operation(definition, 'patch', [
        ...WRITE_PARAMETERS,
        queryParameter('force', 'Take fields over from other appliers.'),
      ]),
      delete: operation(definition, 'delete', [queryParameter('dryRun', 'All: do everything but store.')]),
    },
  };
};

const schemaOf = (definition: ResourceDefinition): [string, OpenApiSchema] => [
  modelName(definition),
  objectSchema(definition),
];

/** The document of one group and version. */
export const renderOpenApi = (definitions: readonly ResourceDefinition[]): Record<string, unknown> => ({
  openapi: '3.0.0',
  info: { title: 'tekton-dag local cluster', version: 'v1' },
  paths: Object.assign({}, ...definitions.map(pathsOf)),
  components: { schemas: Object.fromEntries(definitions.map(schemaOf)) },
});

const hashOf = (document: unknown): string =>
  createHash('sha256').update(JSON.stringify(document)).digest('hex').slice(0, 16);

/** GET /openapi/v3: the paths of all documents, each with a hash that changes with it. */
export const renderOpenApiIndex = (definitions: readonly ResourceDefinition[]): Record<string, unknown> => {
  const byPath = Map.groupBy(definitions, openApiPath);
  const paths = [...byPath].map(([path, members]) => [
    path,
    { serverRelativeURL: `/openapi/v3/${path}?hash=${hashOf(renderOpenApi(members))}` },
  ]);
  return { paths: Object.fromEntries(paths) };
};

/** GET /openapi/v2, in the JSON form. */
export const renderSwagger = (definitions: readonly ResourceDefinition[]): Record<string, unknown> => ({
  swagger: '2.0',
  info: { title: 'tekton-dag local cluster', version: 'v1' },
  paths: Object.assign({}, ...definitions.map(pathsOf)),
  definitions: Object.fromEntries(definitions.map(schemaOf)),
});
