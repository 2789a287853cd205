/** The kind Deployment: defaults, validation, columns. */

import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../../contracts/kube-object.ts';
import type { FieldError, PrinterColumn, ResourceDefinition } from '../../contracts/resource-definition.ts';
import { conforms } from '../specs/conforms.ts';
import { toOpenApiSchema } from '../specs/open-api-schema.ts';
import { fillTemplate } from '../specs/pod-defaults.ts';
import { validateFields, validatePodSpec, validateSelector } from '../specs/validate-fields.ts';
import { deploymentSpecSchema, type DeploymentSpec } from '../specs/workload-schemas.ts';
import { DEPLOYMENTS, isDeployment, type Deployment } from '../specs/workload-objects.ts';
import { templateColumns } from './template-columns.ts';
import { topLevelSchema } from './top-level-schema.ts';

const forDeployment =
  (read: (deployment: Deployment) => string | number): PrinterColumn['value'] =>
  (object: KubeObject) =>
    isDeployment(object) ? read(object) : undefined;

export const deploymentDefinition: ResourceDefinition = {
  ...DEPLOYMENTS,
  version: 'v1',
  kind: 'Deployment',
  singular: 'deployment',
  shortNames: ['deploy'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status', 'scale'],
  columns: [
    {
      name: 'Ready',
      type: 'string',
      value: forDeployment(({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec.replicas ?? 1}`),
    },
    {
      name: 'Up-to-date',
      type: 'integer',
      value: forDeployment(({ status }) => status?.updatedReplicas ?? 0),
    },
    {
      name: 'Available',
      type: 'integer',
      value: forDeployment(({ status }) => status?.availableReplicas ?? 0),
    },
    ...templateColumns,
  ],
  setDefaults: fillDeployment,
  validate: validateDeployment,
  schema: topLevelSchema(
    'A deployment: keeps a number of equal pods running and replaces them step by step.',
    {
      spec: toOpenApiSchema(deploymentSpecSchema),
    },
  ),
};

function fillDeployment(object: KubeObject): KubeObject {
  const { spec } = object;
  return conforms(deploymentSpecSchema, spec) ? { ...object, spec: fillSpec(spec) } : object;
}

function fillSpec(spec: DeploymentSpec): DeploymentSpec {
  return {
    replicas: 1,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    ...spec,
    strategy: fillStrategy(spec.strategy),
    template: fillTemplate(spec.template),
  };
}

function fillStrategy(strategy: DeploymentSpec['strategy']): DeploymentSpec['strategy'] {
  if (strategy?.type === 'Recreate') return { type: 'Recreate' };
  return {
    type: 'RollingUpdate',
    rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%', ...strategy?.rollingUpdate },
  };
}

function validateDeployment(object: KubeObject, previous?: KubeObject): FieldError[] {
  const problems = validateFields(object['spec'] ?? {}, deploymentSpecSchema, 'spec');
  if (problems.length > 0 || !isDeployment(object)) return problems;
  const { spec } = object;
  return [
    ...validateSelector(spec.selector, spec.template.metadata?.labels),
    ...validatePodSpec(spec.template.spec, 'spec.template.spec'),
    ...validateRestartPolicy(spec),
    ...validateUnchanged(spec, previous),
  ];
}

function validateRestartPolicy(spec: DeploymentSpec): FieldError[] {
  const { restartPolicy } = spec.template.spec;
  if (restartPolicy === 'Always') return [];
  return [
    {
      field: 'spec.template.spec.restartPolicy',
      message: `Unsupported value: ${JSON.stringify(restartPolicy)}: supported values: "Always"`,
    },
  ];
}

function validateUnchanged(spec: DeploymentSpec, previous: KubeObject | undefined): FieldError[] {
  if (previous === undefined || !isDeployment(previous)) return [];
  if (isDeepStrictEqual(spec.selector, previous.spec.selector)) return [];
  return [
    {
      field: 'spec.selector',
      message: `Invalid value: ${JSON.stringify(spec.selector)}: field is immutable`,
    },
  ];
}
