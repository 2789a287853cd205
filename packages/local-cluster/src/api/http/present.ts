/** Turns objects and lists into the form that the client asked for: plain, table or metadata alone. */

import type { KubeObject } from '../../contracts/kube-object.ts';
import { renderTable } from '../table/render-table.ts';
import { apiVersionOf, type ResourceRequest } from './api-request.ts';
import type { ListResponse } from './api-response.ts';
import type { Form } from './negotiate.ts';

const PARTIAL = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' };

const partial = ({ metadata }: KubeObject) => ({ ...PARTIAL, metadata });

const includeOf = ({ query }: ResourceRequest): string => query.get('includeObject') ?? 'Metadata';

/** Renders one object; `withColumns` is false for all but the first event of a watch. */
export const presentObject = (
  request: ResourceRequest,
  object: KubeObject,
  form: Form,
  { now, withColumns = true }: { readonly now: Date; readonly withColumns?: boolean },
): Record<string, unknown> => {
  if (form === 'metadata') return partial(object);
  if (form !== 'table') return object;
  const metadata = { resourceVersion: object.metadata.resourceVersion };
  return renderTable(request.definition, [object], {
    now,
    includeObject: includeOf(request),
    metadata,
    withColumns,
  });
};

const listMetadata = ({
  resourceVersion,
  continueToken,
  remainingItemCount,
}: ListResponse): Record<string, unknown> => ({
  resourceVersion,
  ...(continueToken === undefined ? {} : { continue: continueToken }),
  ...(remainingItemCount === undefined ? {} : { remainingItemCount }),
});

/** Renders one page of a list. */
export const presentList = (
  request: ResourceRequest,
  list: ListResponse,
  form: Form,
  now: Date,
): Record<string, unknown> => {
  const metadata = listMetadata(list);
  if (form === 'table') {
    return renderTable(request.definition, list.items, {
      now,
      includeObject: includeOf(request),
      metadata,
      withColumns: true,
    });
  }
  if (form === 'metadata') {
    return {
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata,
      items: list.items.map(partial),
    };
  }
  const { kind } = request.definition;
  return { kind: `${kind}List`, apiVersion: apiVersionOf(request.definition), metadata, items: list.items };
};
