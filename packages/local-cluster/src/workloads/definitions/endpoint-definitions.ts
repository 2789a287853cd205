/** The kinds EndpointSlice and Endpoints: validation and columns. */

import type { KubeObject } from '../../contracts/kube-object.ts';
import type { PrinterColumn, ResourceDefinition } from '../../contracts/resource-definition.ts';
import { conforms } from '../specs/conforms.ts';
import { toOpenApiSchema } from '../specs/open-api-schema.ts';
import { validateFields } from '../specs/validate-fields.ts';
import { endpointSliceSchema, endpointsSchema, type EndpointSliceFields } from '../specs/workload-schemas.ts';
import { ENDPOINT_SLICES, ENDPOINTS, isEndpointSlice } from '../specs/workload-objects.ts';
import { topLevelSchema } from './top-level-schema.ts';

/** More are shown as `+ 2 more...`. */
const MAX_SHOWN = 3;

const forSlice =
  (read: (slice: EndpointSliceFields) => string): PrinterColumn['value'] =>
  (object: KubeObject) =>
    isEndpointSlice(object) ? read(object) : undefined;

export const endpointSliceDefinition: ResourceDefinition = {
  ...ENDPOINT_SLICES,
  version: 'v1',
  kind: 'EndpointSlice',
  singular: 'endpointslice',
  namespaced: true,
  columns: [
    { name: 'AddressType', type: 'string', value: forSlice((slice) => slice.addressType) },
    { name: 'Ports', type: 'string', value: forSlice(renderSlicePorts) },
    { name: 'Endpoints', type: 'string', value: forSlice(renderSliceAddresses) },
  ],
  validate: (object) => validateFields(object, endpointSliceSchema, ''),
  schema: topLevelSchema(
    'Addresses and ports that serve a service.',
    propertiesOf(toOpenApiSchema(endpointSliceSchema)),
  ),
};

export const endpointsDefinition: ResourceDefinition = {
  ...ENDPOINTS,
  version: 'v1',
  kind: 'Endpoints',
  singular: 'endpoints',
  shortNames: ['ep'],
  namespaced: true,
  columns: [{ name: 'Endpoints', type: 'string', value: renderEndpoints }],
  validate: (object) => validateFields(object, endpointsSchema, ''),
  schema: topLevelSchema('Addresses and ports that serve a service; EndpointSlice is the newer form.', {
    ...propertiesOf(toOpenApiSchema(endpointsSchema)),
  }),
};

function propertiesOf(schema: Readonly<Record<string, unknown>>): Record<string, Record<string, unknown>> {
  const { properties } = schema;
  if (typeof properties !== 'object' || properties === null) return {};
  return Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, { ...field }]));
}

function renderSlicePorts({ ports = [] }: EndpointSliceFields): string {
  return ports.length === 0 ? '<unset>' : limited(ports.map(({ port }) => String(port ?? '*')));
}

function renderSliceAddresses({ endpoints }: EndpointSliceFields): string {
  const addresses = endpoints.flatMap((endpoint) => endpoint.addresses);
  return addresses.length === 0 ? '<unset>' : limited(addresses);
}

function renderEndpoints(object: KubeObject): string {
  if (!conforms(endpointsSchema, object)) return '<none>';
  const pairs = (object.subsets ?? []).flatMap(({ addresses = [], ports = [] }) =>
    addresses.flatMap(({ ip }) => ports.map(({ port }) => `${ip}:${port ?? ''}`)),
  );
  return pairs.length === 0 ? '<none>' : limited(pairs);
}

function limited(texts: readonly string[]): string {
  const shown = texts.slice(0, MAX_SHOWN).join(',');
  return texts.length > MAX_SHOWN ? `${shown} + ${texts.length - MAX_SHOWN} more...` : shown;
}
