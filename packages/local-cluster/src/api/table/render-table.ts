/** Renders objects as a metav1.Table, which is what kubectl get shows. */

import type { KubeObject } from '../../contracts/kube-object.ts';
import type { PrinterColumn, ResourceDefinition } from '../../contracts/resource-definition.ts';
import { humanDuration } from './human-duration.ts';

export interface TableOptions {
  readonly now: Date;
  /** The includeObject parameter. */
  readonly includeObject: string;
  readonly metadata: Record<string, unknown>;
  /** Later tables of a watch do not repeat the columns. */
  readonly withColumns: boolean;
}

const NAME: PrinterColumn = {
  name: 'Name',
  type: 'string',
  description: 'Name of the object, unique among its kind and namespace.',
  value: ({ metadata }) => metadata.name,
};

const AGE: PrinterColumn = {
  name: 'Age',
  type: 'date',
  description: 'Time since the object was made.',
  value: ({ metadata }) => metadata.creationTimestamp,
};

/** Wide columns come last, after AGE, as kubectl users know them. */
const columnsOf = ({ columns = [], exactColumns = false }: ResourceDefinition): readonly PrinterColumn[] => {
  if (exactColumns) return columns;
  const wide = columns.filter(({ priority = 0 }) => priority > 0);
  const narrow = columns.filter(({ priority = 0 }) => priority === 0);
  return [NAME, ...narrow, AGE, ...wide];
};

const columnDefinition = ({ name, type, priority = 0, description = '' }: PrinterColumn) => ({
  name,
  type: type === 'date' ? 'string' : type,
  format: name === 'Name' ? 'name' : '',
  description,
  priority,
});

const cellOf = (column: PrinterColumn, object: KubeObject, now: Date): unknown => {
  const value = column.value(object);
  if (column.type !== 'date') return value ?? '';
  const time = Date.parse(String(value ?? ''));
  return Number.isNaN(time) ? '<unknown>' : humanDuration(now.getTime() - time);
};

const rowObject = (object: KubeObject, include: string): unknown => {
  if (include === 'None') return undefined;
  if (include === 'Object') return object;
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
};

/** The table of these objects. */
export const renderTable = (
  definition: ResourceDefinition,
  objects: readonly KubeObject[],
  { now, includeObject, metadata, withColumns }: TableOptions,
): Record<string, unknown> => {
  const columns = columnsOf(definition);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: withColumns ? columns.map(columnDefinition) : null,
    rows: objects.map((object) => ({
      cells: columns.map((column) => cellOf(column, object, now)),
      object: rowObject(object, includeObject),
    })),
  };
};
