/** Ingress and IngressClass (networking.k8s.io/v1): stored and shown; no controller serves them here. */

import type { KubeObject } from '../../contracts/kube-object.ts';
import type { ResourceDefinition } from '../../contracts/resource-definition.ts';
import { validateIngress } from './validate-ingress.ts';
import { isRecord } from '../../objects/is-record.ts';
import { schemaOf as s } from '../schema/schema-of.ts';
import { readField, readText } from './read-field.ts';

const NETWORKING = { group: 'networking.k8s.io', version: 'v1' } as const;

function hostsOf(object: KubeObject): string {
  const rules = readField(object, 'spec', 'rules');
  const hosts = (Array.isArray(rules) ? rules.filter(isRecord) : []).map((rule) => readText(rule, 'host'));
  return hosts.filter((host) => host !== '').join(',') || '*';
}

const ingresses: ResourceDefinition = {
  ...NETWORKING,
  resource: 'ingresses',
  kind: 'Ingress',
  singular: 'ingress',
  shortNames: ['ing'],
  namespaced: true,
  subresources: ['status'],
  columns: [
    {
      name: 'Class',
      type: 'string',
      value: (object) => readText(object, 'spec', 'ingressClassName') || '<none>',
    },
    { name: 'Hosts', type: 'string', value: hostsOf },
  ],
  validate: validateIngress,
  schema: s.object('How requests from outside come in; stored, not served here.', {
    spec: s.object('The rules.', {
      ingressClassName: s.text('Who is to serve them.'),
      defaultBackend: s.free('Where requests go that no rule takes.'),
      rules: s.list('Hosts and paths.', s.free('A rule.')),
      tls: s.list('Certificates.', s.free('Hosts and the Secret of their certificate.')),
    }),
    status: s.free('Where it is served.'),
  }),
};

const ingressClasses: ResourceDefinition = {
  ...NETWORKING,
  resource: 'ingressclasses',
  kind: 'IngressClass',
  singular: 'ingressclass',
  namespaced: false,
  columns: [
    { name: 'Controller', type: 'string', value: (object) => readText(object, 'spec', 'controller') },
  ],
  schema: s.object('A class of Ingresses; none is served here.', {
    spec: s.object('Who serves it.', {
      controller: s.text('The controller.'),
      parameters: s.free('Where its settings are.'),
    }),
  }),
};

export const ingressKinds: readonly ResourceDefinition[] = [ingresses, ingressClasses];
