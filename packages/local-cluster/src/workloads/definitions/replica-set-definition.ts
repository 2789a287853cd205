/** The kind ReplicaSet: defaults, validation, columns. */

import type { KubeObject } from '../../contracts/kube-object.ts';
import type { FieldError, PrinterColumn, ResourceDefinition } from '../../contracts/resource-definition.ts';
import { conforms } from '../specs/conforms.ts';
import { toOpenApiSchema } from '../specs/open-api-schema.ts';
import { fillTemplate } from '../specs/pod-defaults.ts';
import { validateFields, validatePodSpec, validateSelector } from '../specs/validate-fields.ts';
import { replicaSetSpecSchema } from '../specs/workload-schemas.ts';
import { isReplicaSet, REPLICA_SETS, type ReplicaSet } from '../specs/workload-objects.ts';
import { templateColumns } from './template-columns.ts';
import { topLevelSchema } from './top-level-schema.ts';

const forReplicaSet =
  (read: (replicaSet: ReplicaSet) => number): PrinterColumn['value'] =>
  (object: KubeObject) =>
    isReplicaSet(object) ? read(object) : undefined;

export const replicaSetDefinition: ResourceDefinition = {
  ...REPLICA_SETS,
  version: 'v1',
  kind: 'ReplicaSet',
  singular: 'replicaset',
  shortNames: ['rs'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status', 'scale'],
  columns: [
    { name: 'Desired', type: 'integer', value: forReplicaSet(({ spec }) => spec.replicas ?? 1) },
    { name: 'Current', type: 'integer', value: forReplicaSet(({ status }) => status?.replicas ?? 0) },
    { name: 'Ready', type: 'integer', value: forReplicaSet(({ status }) => status?.readyReplicas ?? 0) },
    ...templateColumns,
  ],
  setDefaults: fillReplicaSet,
  validate: validateReplicaSet,
  schema: topLevelSchema('A replica set: keeps a number of equal pods running.', {
    spec: toOpenApiSchema(replicaSetSpecSchema),
  }),
};

function fillReplicaSet(object: KubeObject): KubeObject {
  const { spec } = object;
  if (!conforms(replicaSetSpecSchema, spec)) return object;
  return { ...object, spec: { replicas: 1, ...spec, template: fillTemplate(spec.template) } };
}

function validateReplicaSet(object: KubeObject): FieldError[] {
  const problems = validateFields(object['spec'] ?? {}, replicaSetSpecSchema, 'spec');
  if (problems.length > 0 || !isReplicaSet(object)) return problems;
  return [
    ...validateSelector(object.spec.selector, object.spec.template.metadata?.labels),
    ...validatePodSpec(object.spec.template.spec, 'spec.template.spec'),
  ];
}
