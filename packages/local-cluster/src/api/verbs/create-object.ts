/** POST to a collection. */

import { err, ok } from '@tekton-dag/model';
import type { KubeObject } from '../../contracts/kube-object.ts';
import type { ResourceDefinition } from '../../contracts/resource-definition.ts';
import type { ApiContext } from '../http/api-context.ts';
import { isDryRun, type ResourceRequest } from '../http/api-request.ts';
import type { ApiOutcome } from '../http/api-response.ts';
import { admitBody } from './admit-body.ts';
import { ownedByRequest } from './field-ownership.ts';

/** A client cannot decide the status of a kind that has a status subresource. */
export const withoutStatus = (object: KubeObject, definition: ResourceDefinition): KubeObject => {
  if (definition.subresources?.includes('status') !== true) return object;
  const { status: _status, ...rest } = object;
  return { ...rest, apiVersion: object.apiVersion, kind: object.kind, metadata: object.metadata };
};

/** Makes the object; answers 201 with it as it is stored. */
export const createObject = (context: ApiContext, request: ResourceRequest): ApiOutcome => {
  const { definition } = request;
  const admitted = admitBody(request);
  if (!admitted.ok) return admitted;
  const { managedFields: _managed, ...metadata } = admitted.value.object.metadata;
  const sent = withoutStatus({ ...admitted.value.object, metadata }, definition);
  const complete = definition.setDefaults?.(sent) ?? sent;
  const owned = ownedByRequest(context, request, undefined, complete);
  const created = context.store.create(definition, owned, { dryRun: isDryRun(request) });
  if (!created.ok) return err({ ...created.error, name: metadata.name ?? '' });
  return ok({ type: 'object', code: 201, object: created.value, warnings: admitted.value.warnings });
};
