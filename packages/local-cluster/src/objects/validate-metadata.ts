/** Checks ObjectMeta as every Kubernetes kind has it: name, labels, annotations, finalizers. */

import type { ObjectMeta } from '../contracts/kube-object.ts';
import type { FieldError, ResourceDefinition } from '../contracts/resource-definition.ts';

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const RBAC_GROUP = 'rbac.authorization.k8s.io';

const SUBDOMAIN_HINT =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', " +
  'and must start and end with an alphanumeric character';
const LABEL_HINT =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', " +
  'and must start and end with an alphanumeric character';

const badName = (definition: ResourceDefinition, name: string): string | undefined => {
  if (definition.group === RBAC_GROUP) {
    return /[/%]|^\.\.?$/.test(name) ? "must not be '.' or '..' or contain '/' or '%'" : undefined;
  }
  if (
    definition.group === '' &&
    (definition.resource === 'namespaces' || definition.resource === 'services')
  ) {
    return name.length > 63 || !DNS_LABEL.test(name) ? LABEL_HINT : undefined;
  }
  return name.length > 253 || !DNS_SUBDOMAIN.test(name) ? SUBDOMAIN_HINT : undefined;
};

const isQualifiedName = (key: string): boolean => {
  const [first = '', second, ...rest] = key.split('/');
  if (rest.length > 0) return false;
  const name = second ?? first;
  const prefixFits = second === undefined || (first.length <= 253 && DNS_SUBDOMAIN.test(first));
  return prefixFits && name.length <= 63 && LABEL_NAME.test(name);
};

const isLabelValue = (value: unknown): boolean =>
  typeof value === 'string' && value.length <= 63 && (value === '' || LABEL_NAME.test(value));

const labelErrors = (labels: Readonly<Record<string, string>>): FieldError[] =>
  Object.entries(labels).flatMap(([key, value]) => {
    if (!isQualifiedName(key)) {
      return [
        { field: 'metadata.labels', message: `Invalid value: ${JSON.stringify(key)}: not a qualified name` },
      ];
    }
    if (isLabelValue(value)) return [];
    const hint =
      'a valid label must be an empty string or at most 63 alphanumeric characters, "-", "_" or "."';
    return [{ field: 'metadata.labels', message: `Invalid value: ${JSON.stringify(value)}: ${hint}` }];
  });

const annotationErrors = (annotations: Readonly<Record<string, string>>): FieldError[] => {
  const size = Object.entries(annotations).reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  const tooLong =
    size > 256 * 1024
      ? [{ field: 'metadata.annotations', message: 'Too long: may not be more than 262144 bytes' }]
      : [];
  const unnamed = Object.keys(annotations).filter((key) => !isQualifiedName(key.toLowerCase()));
  return [
    ...tooLong,
    ...unnamed.map((key) => ({
      field: 'metadata.annotations',
      message: `Invalid value: ${JSON.stringify(key)}: not a qualified name`,
    })),
  ];
};

const nameErrors = (definition: ResourceDefinition, name: string | undefined): FieldError[] => {
  if (name === undefined || name === '') {
    return [{ field: 'metadata.name', message: 'Required value: name or generateName is required' }];
  }
  const problem = badName(definition, name);
  return problem === undefined
    ? []
    : [{ field: 'metadata.name', message: `Invalid value: ${JSON.stringify(name)}: ${problem}` }];
};

/** All problems of an object's metadata, with the fields spelled as Kubernetes spells them. */
export const validateMetadata = (
  definition: ResourceDefinition,
  metadata: ObjectMeta,
): readonly FieldError[] => [
  ...nameErrors(definition, metadata.name),
  ...labelErrors(metadata.labels ?? {}),
  ...annotationErrors(metadata.annotations ?? {}),
];
