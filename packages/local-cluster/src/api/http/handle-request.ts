/** Sends one request to the handler for its path and method. */

import { ok, type Result } from '@tekton-dag/model';
import { createToken } from '../access/create-token.ts';
import { reviewAccess } from '../access/review-access.ts';
import { answerDiscovery } from '../discovery/answer-discovery.ts';
import { readPodLog } from '../logs/read-pod-log.ts';
import { createObject } from '../verbs/create-object.ts';
import { deleteCollection, deleteObject } from '../verbs/delete-object.ts';
import { getObject, listObjects } from '../verbs/list-objects.ts';
import { patchObject } from '../verbs/patch-object.ts';
import { scaleObject } from '../verbs/scale-object.ts';
import { updateObject } from '../verbs/update-object.ts';
import { watchObjects } from '../verbs/watch-objects.ts';
import type { ApiContext } from './api-context.ts';
import { methodNotAllowed, notServed, unknownPath, type ApiRefusal } from './api-refusal.ts';
import type { RawRequest, ResourceRequest } from './api-request.ts';
import type { ApiOutcome } from './api-response.ts';
import { resolvePath } from './resolve-path.ts';

type Handler = (context: ApiContext, request: ResourceRequest) => ApiOutcome;

const ON_OBJECT: Readonly<Record<string, Handler>> = {
  GET: getObject,
  PUT: updateObject,
  PATCH: patchObject,
  DELETE: deleteObject,
};

const ON_COLLECTION: Readonly<Record<string, Handler>> = {
  GET: listObjects,
  POST: createObject,
  DELETE: deleteCollection,
};

const STATUS: Readonly<Record<string, Handler>> = { GET: getObject, PUT: updateObject, PATCH: patchObject };

const isWatch = ({ method, query }: RawRequest): boolean =>
  method === 'GET' && (query.get('watch') === 'true' || query.get('watch') === '1');

const isKnownSubresource = ({ definition, target }: ResourceRequest): boolean => {
  const { subresource } = target;
  const known: readonly string[] = definition.subresources ?? [];
  if (subresource === undefined || known.includes(subresource)) return true;
  return subresource === 'token' && definition.resource === 'serviceaccounts';
};

const subresourceHandler = ({ target, method }: ResourceRequest): Handler | undefined => {
  const { subresource } = target;
  if (subresource === 'token') return method === 'POST' ? createToken : undefined;
  if (subresource === 'status') return STATUS[method];
  if (subresource === 'scale') return scaleObject;
  return method === 'GET' ? readPodLog : undefined;
};

const chooseHandler = (request: ResourceRequest): Handler | undefined => {
  const { target, method } = request;
  if (target.subresource !== undefined) return subresourceHandler(request);
  if (isWatch(request)) return watchObjects;
  return target.name === '' ? ON_COLLECTION[method] : ON_OBJECT[method];
};

/** A request with the resource that its path names. */
export const resolveRequest = (
  context: ApiContext,
  request: RawRequest,
): Result<ResourceRequest, ApiRefusal> => {
  const target = resolvePath(request.path);
  const definition = target === undefined ? undefined : context.store.definitionOf(target);
  if (target === undefined || definition === undefined || definition.version !== target.version)
    return unknownPath();
  if (!definition.namespaced && target.namespace !== undefined) return unknownPath();
  return ok({ ...request, target, definition });
};

/** Handles a request for a resource. */
export const handleResource = (context: ApiContext, request: ResourceRequest): ApiOutcome => {
  const { definition, target } = request;
  if (!isKnownSubresource(request)) return notServed(definition.resource, target.subresource ?? '');
  const handler = chooseHandler(request);
  return handler === undefined ? methodNotAllowed() : handler(context, request);
};

/** Handles what is no resource: reviews, discovery, OpenAPI, health. */
export const handleOther = (context: ApiContext, request: RawRequest): ApiOutcome => {
  const target = resolvePath(request.path);
  const review = target === undefined ? undefined : reviewAccess(context, request, target);
  const answer = review ?? (request.method === 'GET' ? answerDiscovery(context, request) : undefined);
  return answer ?? unknownPath();
};
