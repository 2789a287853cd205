/** Kinds that are stored and shown and have no effect here: RBAC, Lease, NetworkPolicy, classes, budgets. */

import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../../contracts/kube-object.ts';
import type { FieldError, PrinterColumn, ResourceDefinition } from '../../contracts/resource-definition.ts';
import { isRecord } from '../../objects/is-record.ts';
import { schemaOf as s } from '../schema/schema-of.ts';
import { readField, readText } from './read-field.ts';

const text = (name: string, ...path: readonly string[]): PrinterColumn => ({
  name,
  type: 'string',
  value: (object) => readText(object, ...path),
});

const createdAt: PrinterColumn = {
  name: 'Created At',
  type: 'string',
  value: ({ metadata }) => metadata.creationTimestamp,
};

const nameColumn: PrinterColumn = { name: 'Name', type: 'string', value: ({ metadata }) => metadata.name };

const RBAC = { group: 'rbac.authorization.k8s.io', version: 'v1', namespaced: true } as const;

const rules = s.list(
  'What is allowed; stored, not enforced here.',
  s.object('One rule.', {
    apiGroups: s.texts('API groups.'),
    resources: s.texts('Resources.'),
    resourceNames: s.texts('Names; empty means all.'),
    verbs: s.texts('Verbs.'),
    nonResourceURLs: s.texts('Paths that are no resources.'),
  }),
);

const roles: ResourceDefinition = {
  ...RBAC,
  resource: 'roles',
  kind: 'Role',
  singular: 'role',
  exactColumns: true,
  columns: [nameColumn, createdAt],
  schema: s.object('Permissions in a namespace; stored, not enforced here.', { rules }),
};

const clusterRoles: ResourceDefinition = {
  ...roles,
  resource: 'clusterroles',
  kind: 'ClusterRole',
  singular: 'clusterrole',
  namespaced: false,
  schema: s.object('Permissions in the whole cluster; stored, not enforced here.', {
    rules,
    aggregationRule: s.free('Roles that make up this one.'),
  }),
};

const subjectsOf =
  (kind: string) =>
  (object: KubeObject): string => {
    const subjects = Array.isArray(object.subjects) ? object.subjects.filter(isRecord) : [];
    return subjects
      .filter((subject) => subject.kind === kind)
      .map((subject) =>
        [readText(subject, 'namespace'), readText(subject, 'name')].filter((part) => part !== '').join('/'),
      )
      .join(', ');
  };

const bindingSchema = s.object('Who has a role; stored, not enforced here.', {
  subjects: s.list('Users, groups and service accounts.', s.free('A subject.')),
  roleRef: s.object('The role.', {
    apiGroup: s.text('The group of the role.'),
    kind: s.text('Role or ClusterRole.'),
    name: s.text('Its name.'),
  }),
});

/** Who changes the role of a binding makes another binding. */
const keepsRole = (object: KubeObject, previous?: KubeObject): readonly FieldError[] => {
  const role = JSON.stringify(object.roleRef);
  if (previous === undefined || isDeepStrictEqual(object.roleRef, previous.roleRef)) return [];
  return [{ field: 'roleRef', message: `Invalid value: ${role}: cannot change roleRef` }];
};

const roleBindings: ResourceDefinition = {
  ...RBAC,
  resource: 'rolebindings',
  kind: 'RoleBinding',
  singular: 'rolebinding',
  columns: [
    {
      name: 'Role',
      type: 'string',
      value: (object) => `${readText(object, 'roleRef', 'kind')}/${readText(object, 'roleRef', 'name')}`,
    },
    { name: 'Users', type: 'string', priority: 1, value: subjectsOf('User') },
    { name: 'Groups', type: 'string', priority: 1, value: subjectsOf('Group') },
    { name: 'ServiceAccounts', type: 'string', priority: 1, value: subjectsOf('ServiceAccount') },
  ],
  validate: keepsRole,
  schema: bindingSchema,
};

const clusterRoleBindings: ResourceDefinition = {
  ...roleBindings,
  resource: 'clusterrolebindings',
  kind: 'ClusterRoleBinding',
  singular: 'clusterrolebinding',
  namespaced: false,
};

const leases: ResourceDefinition = {
  group: 'coordination.k8s.io',
  version: 'v1',
  resource: 'leases',
  kind: 'Lease',
  singular: 'lease',
  namespaced: true,
  columns: [text('Holder', 'spec', 'holderIdentity')],
  schema: s.object('The right to lead, with an end.', {
    spec: s.object('Who holds it.', {
      holderIdentity: s.text('The holder.'),
      leaseDurationSeconds: s.integer('How long it lasts without renewal.'),
      acquireTime: s.time('When it was taken.'),
      renewTime: s.time('When it was last renewed.'),
      leaseTransitions: s.integer('How often it changed hands.'),
      strategy: s.text('How a leader is chosen.'),
      preferredHolder: s.text('Who should hold it.'),
    }),
  }),
};

const networkPolicies: ResourceDefinition = {
  group: 'networking.k8s.io',
  version: 'v1',
  resource: 'networkpolicies',
  kind: 'NetworkPolicy',
  singular: 'networkpolicy',
  shortNames: ['netpol'],
  namespaced: true,
  columns: [
    {
      name: 'Pod-Selector',
      type: 'string',
      value: (object) =>
        Object.entries(readField(object, 'spec', 'podSelector', 'matchLabels') ?? {})
          .map(([key, value]) => `${key}=${String(value)}`)
          .join(',') || '<none>',
    },
  ],
  schema: s.object('Which traffic pods accept; stored, not enforced here.', { spec: s.free('The policy.') }),
};

const budgetProblems = ({ spec }: KubeObject): readonly FieldError[] => {
  if (!isRecord(spec) || spec.minAvailable === undefined || spec.maxUnavailable === undefined) return [];
  const why = 'minAvailable and maxUnavailable cannot be both set';
  return [{ field: 'spec', message: `Invalid value: ${JSON.stringify(spec)}: ${why}` }];
};

const podDisruptionBudgets: ResourceDefinition = {
  group: 'policy',
  version: 'v1',
  resource: 'poddisruptionbudgets',
  kind: 'PodDisruptionBudget',
  singular: 'poddisruptionbudget',
  shortNames: ['pdb'],
  namespaced: true,
  subresources: ['status'],
  columns: [
    {
      name: 'Min Available',
      type: 'string',
      value: (object) => readText(object, 'spec', 'minAvailable') || 'N/A',
    },
    {
      name: 'Max Unavailable',
      type: 'string',
      value: (object) => readText(object, 'spec', 'maxUnavailable') || 'N/A',
    },
  ],
  validate: budgetProblems,
  schema: s.object('How many pods may be away; stored, not enforced here.', {
    spec: s.object('The budget.', {
      minAvailable: s.intOrText('How many must stay.'),
      maxUnavailable: s.intOrText('How many may be away.'),
      selector: s.free('Which pods.'),
      unhealthyPodEvictionPolicy: s.text('When unready pods may go.'),
    }),
    status: s.free('How many are away.'),
  }),
};

const priorityClasses: ResourceDefinition = {
  group: 'scheduling.k8s.io',
  version: 'v1',
  resource: 'priorityclasses',
  kind: 'PriorityClass',
  singular: 'priorityclass',
  shortNames: ['pc'],
  namespaced: false,
  columns: [
    { name: 'Value', type: 'integer', value: (object) => Number(readText(object, 'value')) },
    { name: 'Global-Default', type: 'boolean', value: ({ globalDefault }) => globalDefault === true },
  ],
  schema: s.object('A priority of pods; stored, without effect here.', {
    value: s.integer('The priority.'),
    globalDefault: s.boolean('True for pods that name none.'),
    description: s.text('When to use it.'),
    preemptionPolicy: s.text('Never or PreemptLowerPriority.'),
  }),
};

const storageClasses: ResourceDefinition = {
  group: 'storage.k8s.io',
  version: 'v1',
  resource: 'storageclasses',
  kind: 'StorageClass',
  singular: 'storageclass',
  shortNames: ['sc'],
  namespaced: false,
  columns: [
    text('Provisioner', 'provisioner'),
    text('ReclaimPolicy', 'reclaimPolicy'),
    text('VolumeBindingMode', 'volumeBindingMode'),
  ],
  schema: s.object('A class of storage; every claim gets a directory here.', {
    provisioner: s.text('Who makes volumes.'),
    parameters: s.map('What the provisioner is told.'),
    reclaimPolicy: s.text('Delete or Retain.'),
    mountOptions: s.texts('Options of mounts.'),
    allowVolumeExpansion: s.boolean('True when claims may grow.'),
    volumeBindingMode: s.text('Immediate or WaitForFirstConsumer.'),
    allowedTopologies: s.list('Where volumes may be.', s.free('A topology.')),
  }),
};

export const storedKinds: readonly ResourceDefinition[] = [
  roles,
  clusterRoles,
  roleBindings,
  clusterRoleBindings,
  leases,
  networkPolicies,
  podDisruptionBudgets,
  priorityClasses,
  storageClasses,
];
