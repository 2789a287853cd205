/** CustomResourceDefinition (apiextensions.k8s.io/v1), the kind that makes kinds. */

import type { KubeObject } from '../../contracts/kube-object.ts';
import type { FieldError, ResourceDefinition } from '../../contracts/resource-definition.ts';
import { isRecord } from '../../objects/is-record.ts';
import { readField, readText } from '../kinds/read-field.ts';
import { schemaOf as s } from '../schema/schema-of.ts';

const versionsOf = (crd: KubeObject): readonly Record<string, unknown>[] => {
  const versions = readField(crd, 'spec', 'versions');
  return Array.isArray(versions) ? versions.filter(isRecord) : [];
};

const required = (crd: KubeObject, ...path: readonly string[]): readonly FieldError[] =>
  readText(crd, ...path) === '' ? [{ field: path.join('.'), message: 'Required value' }] : [];

const nameErrors = (crd: KubeObject): readonly FieldError[] => {
  const expected = `${readText(crd, 'spec', 'names', 'plural')}.${readText(crd, 'spec', 'group')}`;
  if (crd.metadata.name === expected) return [];
  const message = `Invalid value: ${JSON.stringify(crd.metadata.name)}: must be spec.names.plural+"."+spec.group`;
  return [{ field: 'metadata.name', message }];
};

const versionErrors = (crd: KubeObject): readonly FieldError[] => {
  const versions = versionsOf(crd);
  const stored = versions.filter(({ storage }) => storage === true).length;
  const count =
    stored === 1
      ? []
      : [
          {
            field: 'spec.versions',
            message: 'Invalid value: must have exactly one version marked as storage version',
          },
        ];
  const schemas = versions.flatMap((version, index) =>
    isRecord(readField(version, 'schema', 'openAPIV3Schema'))
      ? []
      : [
          {
            field: `spec.versions[${index}].schema.openAPIV3Schema`,
            message: 'Required value: schemas are required',
          },
        ],
  );
  return [...count, ...schemas];
};

const validate = (crd: KubeObject): readonly FieldError[] => {
  const missing = [
    ...required(crd, 'spec', 'group'),
    ...required(crd, 'spec', 'scope'),
    ...required(crd, 'spec', 'names', 'plural'),
    ...required(crd, 'spec', 'names', 'kind'),
  ];
  return missing.length > 0 ? missing : [...nameErrors(crd), ...versionErrors(crd)];
};

const setDefaults = (crd: KubeObject): KubeObject => {
  const spec = isRecord(crd.spec) ? crd.spec : {};
  const names = isRecord(spec.names) ? spec.names : {};
  const kind = readText(names, 'kind');
  const filled = { singular: kind.toLowerCase(), listKind: `${kind}List`, ...names };
  return { ...crd, spec: { conversion: { strategy: 'None' }, ...spec, names: filled } };
};

/** Serving one version is a difference: a custom kind is served in its storage version alone. */
export const crdKind: ResourceDefinition = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  resource: 'customresourcedefinitions',
  kind: 'CustomResourceDefinition',
  singular: 'customresourcedefinition',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  namespaced: false,
  subresources: ['status'],
  exactColumns: true,
  columns: [
    { name: 'Name', type: 'string', value: ({ metadata }) => metadata.name },
    { name: 'Created At', type: 'string', value: ({ metadata }) => metadata.creationTimestamp },
  ],
  setDefaults,
  validate,
  schema: s.object(
    'A kind of objects that the API serves.',
    {
      spec: s.object('The kind.', {
        group: s.text('Its API group.'),
        scope: s.oneOf('Namespaced or Cluster.', ['Namespaced', 'Cluster']),
        names: s.object('Its names.', {
          plural: s.text('The name in paths.'),
          singular: s.text('The name for one object.'),
          kind: s.text('The kind, in CamelCase.'),
          listKind: s.text('The kind of lists.'),
          shortNames: s.texts('Short names for kubectl.'),
          categories: s.texts('Groups of kinds for kubectl get.'),
        }),
        versions: s.list(
          'Its versions; the one with storage true is served here.',
          s.object('A version.', {
            name: s.text('Its name, e.g. v1.'),
            served: s.boolean('True when it is served.'),
            storage: s.boolean('True for the version that is stored.'),
            deprecated: s.boolean('True to warn its users.'),
            deprecationWarning: s.text('The warning.'),
            schema: s.free('openAPIV3Schema: the structural schema.'),
            subresources: s.free('status and scale.'),
            additionalPrinterColumns: s.list('Columns of kubectl get.', s.free('A column.')),
            selectableFields: s.list('Fields for field selectors.', s.free('A field.')),
          }),
        ),
        conversion: s.free('Not done here: one version is served.'),
        preserveUnknownFields: s.boolean('False; true is of the past.'),
      }),
      status: s.free('Conditions, accepted names and stored versions.'),
    },
    ['spec'],
  ),
};
