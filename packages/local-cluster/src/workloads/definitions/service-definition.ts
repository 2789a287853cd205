/** The kind Service: defaults, validation, columns. */

import type { KubeObject } from '../../contracts/kube-object.ts';
import type { FieldError, PrinterColumn, ResourceDefinition } from '../../contracts/resource-definition.ts';
import { conforms } from '../specs/conforms.ts';
import { toOpenApiSchema } from '../specs/open-api-schema.ts';
import { validateFields } from '../specs/validate-fields.ts';
import { serviceSpecSchema, type ServiceSpec } from '../specs/workload-schemas.ts';
import { isService, SERVICES, type Service } from '../specs/workload-objects.ts';
import { topLevelSchema } from './top-level-schema.ts';

const forService =
  (read: (service: Service) => string): PrinterColumn['value'] =>
  (object: KubeObject) =>
    isService(object) ? read(object) : undefined;

export const serviceDefinition: ResourceDefinition = {
  ...SERVICES,
  version: 'v1',
  kind: 'Service',
  singular: 'service',
  shortNames: ['svc'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status'],
  columns: [
    { name: 'Type', type: 'string', value: forService(({ spec }) => spec.type ?? 'ClusterIP') },
    { name: 'Cluster-IP', type: 'string', value: forService(({ spec }) => spec.clusterIP ?? '<none>') },
    { name: 'External-IP', type: 'string', value: forService(renderExternalIp) },
    { name: 'Port(s)', type: 'string', value: forService(renderPorts) },
    { name: 'Selector', type: 'string', priority: 1, value: forService(renderServiceSelector) },
  ],
  selectableFields: {
    'spec.clusterIP': (object) => (isService(object) ? (object.spec.clusterIP ?? '') : ''),
    'spec.type': (object) => (isService(object) ? (object.spec.type ?? '') : ''),
  },
  setDefaults: fillService,
  validate: validateService,
  schema: topLevelSchema('A service: one address for the pods that a selector chooses.', {
    spec: toOpenApiSchema(serviceSpecSchema),
  }),
};

function renderExternalIp({ spec }: Service): string {
  if (spec.type === 'ExternalName') return spec.externalName ?? '<none>';
  const addresses = (spec.externalIPs ?? []).join(',');
  if (addresses !== '') return addresses;
  return spec.type === 'LoadBalancer' ? '<pending>' : '<none>';
}

function renderPorts({ spec }: Service): string {
  const ports = (spec.ports ?? []).map(({ port, nodePort, protocol = 'TCP' }) =>
    nodePort === undefined ? `${port}/${protocol}` : `${port}:${nodePort}/${protocol}`,
  );
  return ports.length === 0 ? '<none>' : ports.join(',');
}

function renderServiceSelector({ spec }: Service): string {
  const pairs = Object.entries(spec.selector ?? {}).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? '<none>' : pairs.join(',');
}

function fillService(object: KubeObject): KubeObject {
  const { spec } = object;
  return conforms(serviceSpecSchema, spec)
    ? { ...object, spec: fillSpec(spec), status: object['status'] ?? { loadBalancer: {} } }
    : object;
}

function fillSpec(spec: ServiceSpec): ServiceSpec {
  const ports = spec.ports?.map((port) => ({ protocol: 'TCP' as const, targetPort: port.port, ...port }));
  const clustered = spec.type !== 'ExternalName';
  return {
    type: 'ClusterIP',
    sessionAffinity: 'None',
    ...(clustered
      ? { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack', internalTrafficPolicy: 'Cluster' }
      : {}),
    ...spec,
    ...(ports === undefined ? {} : { ports }),
  };
}

function validateService(object: KubeObject, previous?: KubeObject): FieldError[] {
  const problems = validateFields(object['spec'] ?? {}, serviceSpecSchema, 'spec');
  if (problems.length > 0 || !isService(object)) return problems;
  return [...validatePorts(object.spec), ...validateAddress(object.spec, previous)];
}

function validatePorts({ ports = [], clusterIP, type }: ServiceSpec): FieldError[] {
  if (ports.length === 0 && clusterIP !== 'None' && type !== 'ExternalName') {
    return [{ field: 'spec.ports', message: 'Required value' }];
  }
  const unnamed = ports.length > 1 ? ports.map((port, index) => (port.name === undefined ? index : -1)) : [];
  return unnamed
    .filter((index) => index >= 0)
    .map((index) => ({ field: `spec.ports[${index}].name`, message: 'Required value' }));
}

function validateAddress({ clusterIP }: ServiceSpec, previous: KubeObject | undefined): FieldError[] {
  const before = previous !== undefined && isService(previous) ? previous.spec.clusterIP : undefined;
  const loopback =
    clusterIP === undefined || clusterIP === '' || clusterIP === 'None' || clusterIP.startsWith('127.');
  if (!loopback) {
    const message = `Invalid value: ${JSON.stringify(clusterIP)}: services of a local cluster have loopback addresses`;
    return [{ field: 'spec.clusterIPs', message }];
  }
  const swapped =
    before !== undefined && clusterIP !== undefined && (before === 'None') !== (clusterIP === 'None');
  return swapped ? [{ field: 'spec.clusterIPs[0]', message: 'Invalid value: may not change once set' }] : [];
}
