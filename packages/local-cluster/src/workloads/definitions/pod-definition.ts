/** The kind Pod: defaults, validation, columns. */

import type { KubeObject } from '../../contracts/kube-object.ts';
import type { FieldError, ResourceDefinition } from '../../contracts/resource-definition.ts';
import { isDeepStrictEqual } from 'node:util';
import { conforms } from '../specs/conforms.ts';
import { toOpenApiSchema } from '../specs/open-api-schema.ts';
import { fillScheduledPodSpec } from '../specs/pod-defaults.ts';
import { podSpecSchema } from '../specs/pod-schema.ts';
import { validateFields, validatePodSpec } from '../specs/validate-fields.ts';
import { isPod, PODS } from '../specs/workload-objects.ts';
import { topLevelSchema } from './top-level-schema.ts';
import { podColumns } from './pod-columns.ts';

export const podDefinition: ResourceDefinition = {
  ...PODS,
  version: 'v1',
  kind: 'Pod',
  singular: 'pod',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status', 'log'],
  columns: podColumns,
  selectableFields: {
    'status.phase': (object) => (isPod(object) ? (object.status?.phase ?? '') : ''),
    'status.podIP': (object) => (isPod(object) ? (object.status?.podIP ?? '') : ''),
    'spec.nodeName': (object) => (isPod(object) ? (object.spec.nodeName ?? '') : ''),
    'spec.restartPolicy': (object) => (isPod(object) ? (object.spec.restartPolicy ?? '') : ''),
    'spec.serviceAccountName': (object) => (isPod(object) ? (object.spec.serviceAccountName ?? '') : ''),
  },
  setDefaults: fillPod,
  validate: validatePod,
  deletionGraceSeconds: graceSecondsOf,
  schema: topLevelSchema('A pod: containers that are started, addressed and ended together.', {
    spec: toOpenApiSchema(podSpecSchema),
  }),
};

function fillPod(object: KubeObject): KubeObject {
  const { spec } = object;
  if (!conforms(podSpecSchema, spec)) return object;
  return { ...object, spec: fillScheduledPodSpec(spec), status: object['status'] ?? { phase: 'Pending' } };
}

function validatePod(object: KubeObject, previous?: KubeObject): FieldError[] {
  const problems = validateFields(object['spec'] ?? {}, podSpecSchema, 'spec');
  if (problems.length > 0 || !isPod(object)) return problems;
  const changed = previous !== undefined && !isDeepStrictEqual(object.spec, previous['spec']);
  const frozen = changed
    ? [{ field: 'spec', message: 'Forbidden: the spec of a pod cannot be changed' }]
    : [];
  return [...frozen, ...validatePodSpec(object.spec, 'spec')];
}

/** A pod that has ended needs no time to stop. */
function graceSecondsOf(object: KubeObject): number | undefined {
  if (!isPod(object)) return undefined;
  const ended = object.status?.phase === 'Succeeded' || object.status?.phase === 'Failed';
  return ended ? 0 : object.spec.terminationGracePeriodSeconds;
}
