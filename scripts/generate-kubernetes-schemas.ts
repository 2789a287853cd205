/**
 * Writes the JSON Schemas that `make chart` checks objects with, from the OpenAPI of the cluster that KUBECONFIG names
 * (https://kubernetes.io/docs/concepts/overview/kubernetes-api/#openapi-v3): `node scripts/generate-kubernetes-schemas.ts`.
 * It needs kubectl, and Tekton Pipelines, Tekton Triggers and Gateway API on the cluster.
 */

import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { z } from 'zod';

/** API group and version to the kinds of it that the chart may install. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  'api/v1': ['ConfigMap', 'Namespace', 'PersistentVolumeClaim', 'Pod', 'Secret', 'Service', 'ServiceAccount'],
  'apis/apps/v1': ['Deployment'],
  'apis/autoscaling/v2': ['HorizontalPodAutoscaler'],
  'apis/gateway.networking.k8s.io/v1': ['HTTPRoute'],
  'apis/networking.k8s.io/v1': ['Ingress', 'NetworkPolicy'],
  'apis/policy/v1': ['PodDisruptionBudget'],
  'apis/rbac.authorization.k8s.io/v1': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
  'apis/tekton.dev/v1': ['Pipeline', 'Task'],
  'apis/triggers.tekton.dev/v1alpha1': ['Interceptor'],
  'apis/triggers.tekton.dev/v1beta1': ['EventListener', 'Trigger', 'TriggerBinding', 'TriggerTemplate'],
};

const TARGET = new URL('../e2e/chart/schemas/', import.meta.url);
const REFERENCE = '#/components/schemas/';

type Schema = Readonly<Record<string, unknown>>;

const openApi = z.object({ components: z.object({ schemas: z.record(z.string(), z.looseObject({})) }) });
const groupVersionKinds = z.array(z.object({ group: z.string(), kind: z.string(), version: z.string() }));

function readSchemas(groupVersion: string): Readonly<Record<string, Schema>> {
  const text = execFileSync('kubectl', ['get', '--raw', `/openapi/v3/${groupVersion}`], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return openApi.parse(JSON.parse(text)).components.schemas;
}

/** Maps that hold schemas by name: what looks like a keyword there is a name. */
const MAPS = new Set(['properties', 'definitions']);
const DROPPED = /^(?:description|default|format|example|externalDocs|nullable|x-kubernetes-.*)$/;
/** Inside these a schema says only part of what an object is. */
const PARTS = new Set(['allOf', 'anyOf', 'oneOf', 'not']);

/** As kubeconform reads it, and strict: what the schema does not know is refused. */
function strict(value: unknown, isPart = false): unknown {
  if (Array.isArray(value)) return value.map((item) => strict(item, isPart));
  if (!isSchema(value)) return value;
  const kept = Object.entries(value).filter(([key]) => !DROPPED.test(key));
  const inner = kept.map(([key, child]) => [key, strictChild(key, child, isPart)]);
  const closed =
    !isPart && 'properties' in value && !('additionalProperties' in value) && !keepsUnknown(value);
  const schema = {
    ...withoutFilledIn(Object.fromEntries(inner)),
    ...(closed ? { additionalProperties: false } : {}),
  };
  return value['nullable'] === true && 'type' in value
    ? { ...schema, type: [value['type'], 'null'] }
    : schema;
}

/** Tekton's webhook gives workspaces of steps their mountPath before the server looks at the schema. */
function withoutFilledIn(schema: Schema): Schema {
  const { required } = schema;
  if (!Array.isArray(required) || required.join() !== 'mountPath,name') return schema;
  const isUsage = isSchema(schema['properties']) && Object.keys(schema['properties']).length === 2;
  return isUsage ? { ...schema, required: ['name'] } : schema;
}

function strictChild(key: string, child: unknown, isPart: boolean): unknown {
  if (key === '$ref' && typeof child === 'string') return child.replace(REFERENCE, '#/definitions/');
  if (!MAPS.has(key) || !isSchema(child)) return strict(child, isPart || PARTS.has(key));
  return Object.fromEntries(Object.entries(child).map(([name, schema]) => [name, strict(schema, isPart)]));
}

function keepsUnknown(schema: Schema): boolean {
  return schema['x-kubernetes-preserve-unknown-fields'] === true;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The names that a schema refers to, by way of others too. */
function reachable(
  schema: unknown,
  schemas: Readonly<Record<string, Schema>>,
  seen: Set<string>,
): Set<string> {
  for (const [, name = ''] of JSON.stringify(schema).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    if (seen.has(name)) continue;
    seen.add(name);
    reachable(schemas[name], schemas, seen);
  }
  return seen;
}

function findKind(schemas: Readonly<Record<string, Schema>>, kind: string): Schema {
  const found = Object.values(schemas).find((schema) =>
    groupVersionKinds
      .safeParse(schema['x-kubernetes-group-version-kind'])
      .data?.some((candidate) => candidate.kind === kind),
  );
  if (found === undefined) throw new Error(`the cluster has no ${kind}`);
  return found;
}

/** As kubeconform names it: `{{.ResourceKind}}{{.KindSuffix}}`, the kind, the first part of the group, the version. */
function fileOf(groupVersion: string, kind: string): string {
  const [, ...parts] = groupVersion.split('/');
  const suffix = parts.map((part) => part.split('.')[0]).join('-');
  return `${kind.toLowerCase()}-${suffix}.json`;
}

for (const [groupVersion, kinds] of Object.entries(KINDS)) {
  const schemas = readSchemas(groupVersion);
  for (const kind of kinds) {
    const schema = findKind(schemas, kind);
    const names = [...reachable(schema, schemas, new Set())].toSorted();
    const definitions = Object.fromEntries(names.map((name) => [name, strict(schemas[name])]));
    const file = fileOf(groupVersion, kind);
    const { $schema, ...rest } = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      ...z.looseObject({}).parse(strict(schema)),
    };
    await writeFile(new URL(file, TARGET), `${JSON.stringify({ $schema, ...rest, definitions })}\n`);
    console.log(file);
  }
}
