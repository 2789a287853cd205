/** PATCH of an object or of its status: JSON patch, merge patch, strategic merge patch, server-side apply. */

import { err, ok, type Result } from '@tekton-dag/model';
import type { KubeObject } from '../../contracts/kube-object.ts';
import { notFound } from '../../objects/store-refusals.ts';
import type { ApiContext } from '../http/api-context.ts';
import { badRequest, unsupportedMediaType, type ApiRefusal } from '../http/api-refusal.ts';
import { objectKeyOf, type ResourceRequest } from '../http/api-request.ts';
import type { ApiOutcome } from '../http/api-response.ts';
import { decodeBody } from '../http/parse-object.ts';
import { jsonPatch } from '../patch/json-patch.ts';
import { mergePatch } from '../patch/merge-patch.ts';
import { strategicMergePatch } from '../patch/strategic-merge-patch.ts';
import { isBuiltInGroup } from '../schema/list-semantics.ts';
import { admitObject } from './admit-body.ts';
import { applyObject } from './apply-object.ts';
import { rootPlace } from './field-ownership.ts';
import { writeRevision } from './write-revision.ts';

const unsupported = (request: ResourceRequest) => {
  const types = [
    'application/json-patch+json',
    'application/merge-patch+json',
    'application/apply-patch+yaml',
  ];
  if (isBuiltInGroup(request.definition.group)) types.push('application/strategic-merge-patch+json');
  return unsupportedMediaType(
    `the body of the request was in an unknown format - accepted media types include: ${types.join(', ')}`,
  );
};

const asRefusal = (outcome: Result<unknown, string>): Result<unknown, ApiRefusal> =>
  outcome.ok
    ? outcome
    : err({
        code: 422,
        reason: 'Invalid',
        message: `the server rejected our request due to an error in our request: ${outcome.error}`,
      });

const mediaTypeOf = ({ contentType }: ResourceRequest): string => contentType.split(';')[0]?.trim() ?? '';

/** What the patch makes of the live object. */
export const patchedValue = (
  live: unknown,
  patch: unknown,
  request: ResourceRequest,
): Result<unknown, ApiRefusal> => {
  switch (mediaTypeOf(request)) {
    case 'application/json-patch+json':
      return asRefusal(jsonPatch(live, patch));
    case 'application/merge-patch+json':
      return ok(mergePatch(live, patch));
    case 'application/strategic-merge-patch+json':
      return isBuiltInGroup(request.definition.group)
        ? ok(strategicMergePatch(live, patch, rootPlace(request)))
        : unsupported(request);
    default:
      return unsupported(request);
  }
};

const patchLive = (
  context: ApiContext,
  request: ResourceRequest,
  live: KubeObject,
  patch: unknown,
): ApiOutcome => {
  const patched = patchedValue(live, patch, request);
  if (!patched.ok) return patched;
  const admitted = admitObject(patched.value, request);
  return admitted.ok ? writeRevision(context, request, live, admitted.value) : admitted;
};

/** Patches; server-side apply also makes an object that is not there. */
export const patchObject = (context: ApiContext, request: ResourceRequest): ApiOutcome => {
  const decoded = decodeBody(request.body, request.contentType);
  if (!decoded.ok) return badRequest(decoded.error);
  if (mediaTypeOf(request).startsWith('application/apply-patch'))
    return applyObject(context, request, decoded.value);
  const key = objectKeyOf(request);
  const live = context.store.get(key);
  return live === undefined ? notFound(key, key.name) : patchLive(context, request, live, decoded.value);
};
