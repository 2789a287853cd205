/** PUT of an object or of its status. */

import { notFound } from '../../objects/store-refusals.ts';
import type { ApiContext } from '../http/api-context.ts';
import { objectKeyOf, type ResourceRequest } from '../http/api-request.ts';
import type { ApiOutcome } from '../http/api-response.ts';
import { admitBody } from './admit-body.ts';
import { writeRevision } from './write-revision.ts';

/** Replaces the object; a resourceVersion in the body is an optimistic lock. */
export const updateObject = (context: ApiContext, request: ResourceRequest): ApiOutcome => {
  const admitted = admitBody(request);
  if (!admitted.ok) return admitted;
  const key = objectKeyOf(request);
  const live = context.store.get(key);
  return live === undefined ? notFound(key, key.name) : writeRevision(context, request, live, admitted.value);
};
