/** Gateway API v1: HTTPRoute, Gateway and GatewayClass. The router serves HTTPRoutes whose parent is a Service. */

import type { KubeObject } from '../../contracts/kube-object.ts';
import type { FieldError, OpenApiSchema, ResourceDefinition } from '../../contracts/resource-definition.ts';
import { isRecord } from '../../objects/is-record.ts';
import { schemaOf as s } from '../schema/schema-of.ts';
import { applyDefaults } from '../schema/apply-defaults.ts';
import { objectSchema } from '../schema/object-schema.ts';
import { toKubeObject } from '../http/parse-object.ts';
import { validateValue } from '../schema/validate-value.ts';
import { readField, readText } from './read-field.ts';

const GATEWAY = { group: 'gateway.networking.k8s.io', version: 'v1' } as const;

const withDefault = (schema: OpenApiSchema, value: unknown): OpenApiSchema => ({ ...schema, default: value });

const port = { ...s.integer('A port, 1 to 65535.'), minimum: 1, maximum: 65535 };

const PARENT = {
  group: withDefault(s.text('API group of the parent; empty for a Service.'), GATEWAY.group),
  kind: withDefault(s.text('Kind of the parent: Gateway or Service.'), 'Gateway'),
  namespace: s.text('Namespace of the parent; that of the route when empty.'),
  name: s.text('Name of the parent.'),
  sectionName: s.text('A listener of the parent.'),
  port,
};

const parentRef = s.object('What the route is attached to.', PARENT, ['name']);

const namedValue = (description: string): OpenApiSchema =>
  s.object(
    description,
    {
      name: s.text('Name, compared without regard to case for headers.'),
      type: withDefault(s.oneOf('Exact or RegularExpression.', ['Exact', 'RegularExpression']), 'Exact'),
      value: s.text('The value or the expression.'),
    },
    ['name', 'value'],
  );

const match = s.object('Conditions that must all hold.', {
  path: withDefault(
    s.object('The path.', {
      type: withDefault(
        s.oneOf('Exact, PathPrefix or RegularExpression.', ['Exact', 'PathPrefix', 'RegularExpression']),
        'PathPrefix',
      ),
      value: withDefault(s.text('The path.'), '/'),
    }),
    { type: 'PathPrefix', value: '/' },
  ),
  headers: s.keyedList('Headers that a request must have.', ['name'], namedValue('One header.')),
  queryParams: s.keyedList(
    'Query parameters that a request must have.',
    ['name'],
    namedValue('One parameter.'),
  ),
  method: s.text('The method.'),
});

const filter = s.free('What is done to requests on the way.');

const backendRef = s.object(
  'Where requests go.',
  {
    group: withDefault(s.text('API group of the backend; empty for a Service.'), ''),
    kind: withDefault(s.text('Kind of the backend.'), 'Service'),
    namespace: s.text('Namespace of the backend.'),
    name: s.text('Name of the backend.'),
    port,
    weight: withDefault({ ...s.integer('Share of the requests.'), minimum: 0, maximum: 1_000_000 }, 1),
    filters: s.list('Filters of this backend alone.', filter),
  },
  ['name'],
);

const rule = s.object('Matches and where they lead.', {
  name: s.text('Name of the rule.'),
  matches: withDefault(s.list('Any of these makes the rule count.', match), [
    { path: { type: 'PathPrefix', value: '/' } },
  ]),
  filters: s.list('Filters of the rule.', filter),
  backendRefs: s.list('The backends, by weight.', backendRef),
  timeouts: s.free('Limits of time.'),
  retry: s.free('Retries.'),
  sessionPersistence: s.free('Stickiness.'),
});

const condition = s.free('A condition.');

const fillDefaults =
  (definition: () => ResourceDefinition) =>
  (object: KubeObject): KubeObject => {
    const read = toKubeObject(applyDefaults(object, objectSchema(definition())), object);
    return read.ok ? read.value : object;
  };

const validateSchema =
  (definition: () => ResourceDefinition) =>
  (object: KubeObject): readonly FieldError[] =>
    validateValue(object, objectSchema(definition()));

const httpRoutes: ResourceDefinition = {
  ...GATEWAY,
  resource: 'httproutes',
  kind: 'HTTPRoute',
  singular: 'httproute',
  namespaced: true,
  categories: ['gateway-api'],
  subresources: ['status'],
  columns: [
    {
      name: 'Hostnames',
      type: 'string',
      value: (object) => {
        const hostnames = readField(object, 'spec', 'hostnames');
        return hostnames === undefined ? '' : JSON.stringify(hostnames);
      },
    },
  ],
  setDefaults: fillDefaults(() => httpRoutes),
  validate: validateSchema(() => httpRoutes),
  schema: s.object(
    'Routes HTTP requests from a parent to backends.',
    {
      spec: s.object('What is wanted.', {
        parentRefs: s.list('What the route is attached to.', parentRef),
        hostnames: s.texts('Hosts that the route is for.'),
        rules: withDefault(s.list('The rules; the most specific match wins.', rule), [
          { matches: [{ path: { type: 'PathPrefix', value: '/' } }] },
        ]),
        useDefaultGateways: s.text('Which default gateways count.'),
      }),
      status: s.object('What the parents say.', {
        parents: s.list('One entry per parent.', s.free('A parent.')),
      }),
    },
    ['spec'],
  ),
};

const conditionStatus = (object: KubeObject, type: string): string => {
  const conditions = readField(object, 'status', 'conditions');
  const found = (Array.isArray(conditions) ? conditions.filter(isRecord) : []).find(
    (each) => each.type === type,
  );
  return readText(found, 'status');
};

const gateways: ResourceDefinition = {
  ...GATEWAY,
  resource: 'gateways',
  kind: 'Gateway',
  singular: 'gateway',
  shortNames: ['gtw'],
  namespaced: true,
  categories: ['gateway-api'],
  subresources: ['status'],
  columns: [
    { name: 'Class', type: 'string', value: (object) => readText(object, 'spec', 'gatewayClassName') },
    { name: 'Programmed', type: 'string', value: (object) => conditionStatus(object, 'Programmed') },
  ],
  validate: validateSchema(() => gateways),
  schema: s.object(
    'Listeners for traffic from outside; stored, not served here.',
    {
      spec: s.object(
        'What is wanted.',
        {
          gatewayClassName: s.text('The class.'),
          listeners: s.keyedList('The listeners.', ['name'], s.free('A listener.')),
          addresses: s.list('Addresses that are wanted.', s.free('An address.')),
          infrastructure: s.free('How the class makes it.'),
        },
        ['gatewayClassName', 'listeners'],
      ),
      status: s.object('What is.', {
        addresses: s.list('Addresses.', s.free('An address.')),
        conditions: s.keyedList('Conditions.', ['type'], condition),
        listeners: s.keyedList('Listeners.', ['name'], s.free('A listener.')),
      }),
    },
    ['spec'],
  ),
};

const gatewayClasses: ResourceDefinition = {
  ...GATEWAY,
  resource: 'gatewayclasses',
  kind: 'GatewayClass',
  singular: 'gatewayclass',
  shortNames: ['gc'],
  namespaced: false,
  categories: ['gateway-api'],
  subresources: ['status'],
  columns: [
    { name: 'Controller', type: 'string', value: (object) => readText(object, 'spec', 'controllerName') },
    { name: 'Accepted', type: 'string', value: (object) => conditionStatus(object, 'Accepted') },
  ],
  validate: validateSchema(() => gatewayClasses),
  schema: s.object(
    'Who makes gateways work; stored, without effect here.',
    {
      spec: s.object(
        'What is wanted.',
        {
          controllerName: s.text('The controller.'),
          description: s.text('When to use the class.'),
          parametersRef: s.free('More for the controller.'),
        },
        ['controllerName'],
      ),
      status: s.object('What is.', { conditions: s.keyedList('Conditions.', ['type'], condition) }),
    },
    ['spec'],
  ),
};

export const gatewayKinds: readonly ResourceDefinition[] = [httpRoutes, gateways, gatewayClasses];
