/** Stores what a client made out of a live object, by PUT or PATCH, on the object or on its status. */

import { ok } from '@tekton-dag/model';
import type { KubeObject } from '../../contracts/kube-object.ts';
import type { ApiContext } from '../http/api-context.ts';
import { isDryRun, type ResourceRequest } from '../http/api-request.ts';
import type { ApiOutcome } from '../http/api-response.ts';
import type { Admitted } from './admit-body.ts';
import { ownedByRequest } from './field-ownership.ts';

/** The object as it will be: the subresource decides which half counts. */
const effective = (live: KubeObject, sent: KubeObject, request: ResourceRequest): KubeObject => {
  const { definition, target } = request;
  if (target.subresource === 'status') {
    const { status: _status, ...rest } = live;
    const { resourceVersion, uid, managedFields } = sent.metadata;
    const asked = Object.fromEntries(
      Object.entries({ resourceVersion, uid, managedFields }).filter(([, value]) => value !== undefined),
    );
    const body = {
      ...rest,
      apiVersion: live.apiVersion,
      kind: live.kind,
      metadata: { ...live.metadata, ...asked },
    };
    return sent.status === undefined ? body : { ...body, status: sent.status };
  }
  const kept = definition.subresources?.includes('status') === true ? { ...sent, status: live.status } : sent;
  const { status, ...body } = kept;
  const whole = { ...body, apiVersion: sent.apiVersion, kind: sent.kind, metadata: sent.metadata };
  const complete = status === undefined ? whole : { ...whole, status };
  return definition.setDefaults?.(complete) ?? complete;
};

/** Writes; `track` is false when the caller has settled the ownership itself (server-side apply). */
export const writeRevision = (
  context: ApiContext,
  request: ResourceRequest,
  live: KubeObject,
  { object, warnings, track = true }: Admitted & { readonly track?: boolean },
): ApiOutcome => {
  const next = effective(live, object, request);
  const owned = track ? ownedByRequest(context, request, live, next) : next;
  const options = { dryRun: isDryRun(request) };
  const written =
    request.target.subresource === 'status'
      ? context.store.updateStatus(request.definition, owned, options)
      : context.store.update(request.definition, owned, options);
  return written.ok ? ok({ type: 'object', code: 200, object: written.value, warnings }) : written;
};
