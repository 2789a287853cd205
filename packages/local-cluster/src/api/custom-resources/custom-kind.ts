/** Makes a kind out of a CustomResourceDefinition: its schema, defaults, validation, columns and subresources. */

import type { KubeObject } from '../../contracts/kube-object.ts';
import type {
  FieldError,
  OpenApiSchema,
  PrinterColumn,
  ResourceDefinition,
} from '../../contracts/resource-definition.ts';
import { isRecord } from '../../objects/is-record.ts';
import { toKubeObject } from '../http/parse-object.ts';
import { readField, readText } from '../kinds/read-field.ts';
import { applyDefaults } from '../schema/apply-defaults.ts';
import { objectSchema } from '../schema/object-schema.ts';
import { validateValue } from '../schema/validate-value.ts';
import { compileJsonPath } from './json-path.ts';

const recordsAt = (object: unknown, ...path: readonly string[]): readonly Record<string, unknown>[] => {
  const value = readField(object, ...path);
  return Array.isArray(value) ? value.filter(isRecord) : [];
};

const textsAt = (object: unknown, ...path: readonly string[]): readonly string[] => {
  const value = readField(object, ...path);
  return Array.isArray(value) ? value.map(String) : [];
};

/** Marks every object of a structural schema, so that fields it does not name are dropped. */
const markStructural = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(markStructural);
  if (!isRecord(schema)) return schema;
  const marked = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === 'default' || key === 'enum' ? value : markStructural(value),
    ]),
  );
  return schema.type === 'object' ? { ...marked, 'x-kubernetes-structural': true } : marked;
};

const COLUMN_TYPES: readonly PrinterColumn['type'][] = ['string', 'integer', 'number', 'boolean', 'date'];

const cellValue = (values: readonly unknown[]): string | number | boolean | undefined => {
  if (values.length === 0) return undefined;
  const [first] = values;
  if (
    values.length === 1 &&
    (typeof first === 'string' || typeof first === 'number' || typeof first === 'boolean')
  )
    return first;
  return values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(',');
};

const toColumn = (column: Record<string, unknown>): PrinterColumn => {
  const read = compileJsonPath(readText(column, 'jsonPath'));
  return {
    name: readText(column, 'name'),
    type: COLUMN_TYPES.find((type) => type === column.type) ?? 'string',
    priority: Number(column.priority ?? 0) > 0 ? 1 : 0,
    description: readText(column, 'description'),
    value: (object) => cellValue(read?.(object) ?? []),
  };
};

const NAME: PrinterColumn = { name: 'Name', type: 'string', value: ({ metadata }) => metadata.name };

/** Columns of its own replace AGE; without any a custom kind shows NAME and AGE. */
const columnsOf = (version: unknown): Pick<ResourceDefinition, 'columns' | 'exactColumns'> => {
  const own = recordsAt(version, 'additionalPrinterColumns').map(toColumn);
  return own.length === 0 ? {} : { columns: [NAME, ...own], exactColumns: true };
};

const selectableOf = (version: unknown): Pick<ResourceDefinition, 'selectableFields'> => {
  const paths = recordsAt(version, 'selectableFields').map((each) => readText(each, 'jsonPath'));
  const readers = paths.map((path): [string, (object: KubeObject) => string] => {
    const read = compileJsonPath(path);
    return [path.replace(/^\./, ''), (object) => String(cellValue(read?.(object) ?? []) ?? '')];
  });
  return readers.length === 0 ? {} : { selectableFields: Object.fromEntries(readers) };
};

const schemaOf = (version: unknown): OpenApiSchema => {
  const marked = markStructural(readField(version, 'schema', 'openAPIV3Schema'));
  return isRecord(marked) ? marked : { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
};

const subresourcesOf = (version: unknown): readonly ('status' | 'scale')[] => {
  const declared = readField(version, 'subresources');
  const names = isRecord(declared) ? Object.keys(declared) : [];
  return (['status', 'scale'] as const).filter((name) => names.includes(name));
};

/** The version that objects are stored in; the local cluster serves this one alone. */
const storageVersion = (crd: KubeObject): Record<string, unknown> | undefined =>
  recordsAt(crd, 'spec', 'versions').find(({ storage }) => storage === true);

/** The kind; its setDefaults and validate read the schema with metadata. */
export const customKind = (crd: KubeObject): ResourceDefinition | undefined => {
  const version = storageVersion(crd);
  if (version === undefined) return undefined;
  const names = readField(crd, 'spec', 'names');
  const kind = readText(names, 'kind');
  const setDefaults = (object: KubeObject): KubeObject => {
    const read = toKubeObject(applyDefaults(object, objectSchema(definition)), object);
    return read.ok ? read.value : object;
  };
  const validate = (object: KubeObject): readonly FieldError[] =>
    validateValue(object, objectSchema(definition));
  const definition: ResourceDefinition = {
    group: readText(crd, 'spec', 'group'),
    version: readText(version, 'name'),
    resource: readText(names, 'plural'),
    kind,
    singular: readText(names, 'singular') || kind.toLowerCase(),
    shortNames: textsAt(names, 'shortNames'),
    categories: textsAt(names, 'categories'),
    namespaced: readText(crd, 'spec', 'scope') !== 'Cluster',
    subresources: subresourcesOf(version),
    ...columnsOf(version),
    ...selectableOf(version),
    schema: schemaOf(version),
    setDefaults,
    validate,
  };
  return definition;
};
