/** Records in managedFields what a create or an update by a client owns. */

import type { KubeObject } from '../../contracts/kube-object.ts';
import { isRecord } from '../../objects/is-record.ts';
import { kubernetesTime } from '../../objects/revise-object.ts';
import { trackUpdate, type Manager } from '../apply/managed-fields.ts';
import type { ApiContext } from '../http/api-context.ts';
import { apiVersionOf, fieldManagerOf, type ResourceRequest } from '../http/api-request.ts';
import { isBuiltInGroup, type Place } from '../schema/list-semantics.ts';
import { objectSchema } from '../schema/object-schema.ts';

/** The root of a kind's objects, for merging and ownership. */
export const rootPlace = ({ definition }: ResourceRequest): Place => ({
  builtIn: isBuiltInGroup(definition.group),
  path: [],
  schema: definition.schema === undefined ? undefined : objectSchema(definition),
});

/** The writer of a request. */
export const managerOf = (request: ResourceRequest, operation: Manager['operation']): Manager => ({
  name: fieldManagerOf(request),
  operation,
  apiVersion: apiVersionOf(request.definition),
  ...(request.target.subresource === undefined ? {} : { subresource: request.target.subresource }),
});

/** A client may replace managedFields itself (kubectl does when it takes up server-side apply); else the live ones count. */
const withEntriesOf = (before: KubeObject, sent: KubeObject): KubeObject => {
  const { managedFields } = sent.metadata;
  if (managedFields === undefined) return before;
  const entries = managedFields.filter(isRecord);
  return { ...before, metadata: { ...before.metadata, managedFields: entries } };
};

/** `after` with the ownership that this request gives it. */
export const ownedByRequest = (
  context: ApiContext,
  request: ResourceRequest,
  before: KubeObject | undefined,
  after: KubeObject,
): KubeObject => {
  const base = before === undefined ? undefined : withEntriesOf(before, after);
  return trackUpdate(base, after, managerOf(request, 'Update'), {
    place: rootPlace(request),
    time: kubernetesTime(context.now()),
  });
};
