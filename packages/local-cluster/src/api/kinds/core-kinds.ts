/** The kinds of the core group that are plain data: Namespace, ConfigMap, Secret, ServiceAccount and the stored ones. */

import type { KubeObject } from '../../contracts/kube-object.ts';
import type { FieldError, ResourceDefinition } from '../../contracts/resource-definition.ts';
import { isRecord } from '../../objects/is-record.ts';
import { schemaOf as s } from '../schema/schema-of.ts';
import { readField, readText } from './read-field.ts';
import { validateData } from './validate-data.ts';

const CORE = { group: '', version: 'v1', namespaced: true } as const;

const countOf = (value: unknown): number => (isRecord(value) ? Object.keys(value).length : 0);

const defaultNamespace = (object: KubeObject): KubeObject => {
  const { name = '', labels, deletionTimestamp } = object.metadata;
  const metadata = { ...object.metadata, labels: { ...labels, 'kubernetes.io/metadata.name': name } };
  const spec = isRecord(object.spec) ? object.spec : {};
  const held =
    deletionTimestamp === undefined && spec.finalizers === undefined ? { finalizers: ['kubernetes'] } : {};
  return { ...object, metadata, spec: { ...spec, ...held }, status: object.status ?? { phase: 'Active' } };
};

const namespaces: ResourceDefinition = {
  ...CORE,
  resource: 'namespaces',
  kind: 'Namespace',
  singular: 'namespace',
  shortNames: ['ns'],
  namespaced: false,
  subresources: ['status'],
  columns: [{ name: 'Status', type: 'string', value: (object) => readText(object, 'status', 'phase') }],
  setDefaults: defaultNamespace,
  selectableFields: { 'status.phase': (object) => readText(object, 'status', 'phase') },
  schema: s.object('A scope for names.', {
    spec: s.object('What is wanted.', { finalizers: s.texts('What must happen before the namespace goes.') }),
    status: s.object('What is.', {
      phase: s.text('Active or Terminating.'),
      conditions: s.list('Why it does not go yet.', s.free('A condition.')),
    }),
  }),
};

const keepsImmutable = (object: KubeObject, previous?: KubeObject): readonly FieldError[] => {
  if (previous?.immutable !== true) return [];
  const changed = ['data', 'binaryData', 'immutable'].filter(
    (field) => JSON.stringify(object[field]) !== JSON.stringify(previous[field]),
  );
  return changed.map((field) => ({
    field,
    message: 'Forbidden: field is immutable when `immutable` is set',
  }));
};

const configMaps: ResourceDefinition = {
  ...CORE,
  resource: 'configmaps',
  kind: 'ConfigMap',
  singular: 'configmap',
  shortNames: ['cm'],
  columns: [
    { name: 'Data', type: 'integer', value: ({ data, binaryData }) => countOf(data) + countOf(binaryData) },
  ],
  validate: (object, previous) => [
    ...validateData(object, { text: 'data', bytes: 'binaryData', whole: '[]' }),
    ...keepsImmutable(object, previous),
  ],
  schema: s.object('Configuration that is no secret.', {
    data: s.map('Texts by key.'),
    binaryData: s.map('Base64 of bytes by key.'),
    immutable: s.boolean('True: the data cannot be changed any more.'),
  }),
};

const encodeStringData = (object: KubeObject): KubeObject => {
  const { stringData, ...rest } = object;
  const base = {
    ...rest,
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: object.metadata,
    type: object.type ?? 'Opaque',
  };
  if (!isRecord(stringData)) return base;
  const encoded = Object.entries(stringData).map(([key, value]) => [
    key,
    Buffer.from(String(value)).toString('base64'),
  ]);
  return { ...base, data: { ...(isRecord(object.data) ? object.data : {}), ...Object.fromEntries(encoded) } };
};

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Of the types that Kubernetes itself knows. */
const REQUIRED_KEYS: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

const missingKeys = (object: KubeObject): readonly FieldError[] =>
  (REQUIRED_KEYS[readText(object, 'type')] ?? [])
    .filter((key) => readField(object, 'data', key) === undefined)
    .map((key) => ({ field: `data[${key}]`, message: 'Required value' }));

const validateSecret = (object: KubeObject, previous?: KubeObject): readonly FieldError[] => {
  const data = isRecord(object.data) ? object.data : {};
  const undecodable = Object.entries(data)
    .filter(([, value]) => typeof value !== 'string' || !BASE64.test(value.replaceAll(/\s/g, '')))
    .map(([key]) => ({ field: `data[${key}]`, message: 'Invalid value: not base64' }));
  const retyped =
    previous !== undefined && previous.type !== object.type
      ? [{ field: 'type', message: `Invalid value: ${JSON.stringify(object.type)}: field is immutable` }]
      : [];
  return [
    ...undecodable,
    ...retyped,
    ...missingKeys(object),
    ...validateData(object, { bytes: 'data', whole: 'data' }),
    ...keepsImmutable(object, previous),
  ];
};

const secrets: ResourceDefinition = {
  ...CORE,
  resource: 'secrets',
  kind: 'Secret',
  singular: 'secret',
  columns: [
    { name: 'Type', type: 'string', value: (object) => readText(object, 'type') },
    { name: 'Data', type: 'integer', value: ({ data }) => countOf(data) },
  ],
  setDefaults: encodeStringData,
  validate: validateSecret,
  selectableFields: { type: (object) => readText(object, 'type') },
  schema: s.object('Small secret data.', {
    data: s.map('Base64 of the values by key.'),
    stringData: s.map('Plain values by key; written into data and never shown.'),
    type: s.text('What the secret is for, e.g. Opaque or kubernetes.io/dockerconfigjson.'),
    immutable: s.boolean('True: the data cannot be changed any more.'),
  }),
};

const reference = s.object('A reference by name.', { name: s.text('Name of the secret.') });

const serviceAccounts: ResourceDefinition = {
  ...CORE,
  resource: 'serviceaccounts',
  kind: 'ServiceAccount',
  singular: 'serviceaccount',
  shortNames: ['sa'],
  columns: [
    { name: 'Secrets', type: 'integer', value: ({ secrets: own }) => (Array.isArray(own) ? own.length : 0) },
  ],
  schema: s.object('An identity for pods.', {
    secrets: s.list('Secrets that its pods may use.', s.free('An object reference.')),
    imagePullSecrets: s.list('Secrets for pulling images.', reference),
    automountServiceAccountToken: s.boolean('False: pods get no token unless they ask for it.'),
  }),
};

const limitRanges: ResourceDefinition = {
  ...CORE,
  resource: 'limitranges',
  kind: 'LimitRange',
  singular: 'limitrange',
  shortNames: ['limits'],
  schema: s.object('Limits of resources; stored, not enforced here.', { spec: s.free('The limits.') }),
};

const resourceQuotas: ResourceDefinition = {
  ...CORE,
  resource: 'resourcequotas',
  kind: 'ResourceQuota',
  singular: 'resourcequota',
  shortNames: ['quota'],
  subresources: ['status'],
  schema: s.object('Quotas of a namespace; stored, not enforced here.', {
    spec: s.free('The quotas.'),
    status: s.free('Their use.'),
  }),
};

const accessModes = (object: KubeObject): string => {
  const modes = readField(object, 'spec', 'accessModes');
  return Array.isArray(modes) ? modes.join(',') : '';
};

/** What no claim can be bound without. */
const claimProblems = (claim: KubeObject): FieldError[] => {
  const storage = readField(claim, 'spec', 'resources', 'requests', 'storage');
  return [
    ...(accessModes(claim) === ''
      ? [{ field: 'spec.accessModes', message: 'Required value: at least 1 access mode is required' }]
      : []),
    ...(storage === undefined ? [{ field: 'spec.resources[storage]', message: 'Required value' }] : []),
  ];
};

const isBound = (object: KubeObject): string => readText(object, 'status', 'phase');

const persistentVolumeClaims: ResourceDefinition = {
  ...CORE,
  resource: 'persistentvolumeclaims',
  kind: 'PersistentVolumeClaim',
  singular: 'persistentvolumeclaim',
  shortNames: ['pvc'],
  subresources: ['status'],
  columns: [
    { name: 'Status', type: 'string', value: isBound },
    { name: 'Volume', type: 'string', value: (object) => readText(object, 'spec', 'volumeName') },
    {
      name: 'Capacity',
      type: 'string',
      value: (object) => readText(object, 'status', 'capacity', 'storage'),
    },
    {
      name: 'Access Modes',
      type: 'string',
      value: accessModes,
    },
    { name: 'StorageClass', type: 'string', value: (object) => readText(object, 'spec', 'storageClassName') },
  ],
  selectableFields: { 'status.phase': isBound },
  validate: claimProblems,
  schema: s.object('A request for storage; here a directory of the state directory.', {
    spec: s.object('What is wanted.', {
      accessModes: s.texts('How many may mount it, and how.'),
      resources: s.free('How much is wanted.'),
      storageClassName: s.text('The class of the storage.'),
      volumeMode: s.text('Filesystem.'),
      volumeName: s.text('The volume that serves the claim.'),
      selector: s.free('Which volumes may serve it.'),
      dataSource: s.free('Not supported here.'),
      dataSourceRef: s.free('Not supported here.'),
    }),
    status: s.free('The phase, the capacity and the access modes.'),
  }),
};

/** In the order of `kubectl api-resources`. */
export const coreKinds: readonly ResourceDefinition[] = [
  configMaps,
  limitRanges,
  namespaces,
  persistentVolumeClaims,
  resourceQuotas,
  secrets,
  serviceAccounts,
];
