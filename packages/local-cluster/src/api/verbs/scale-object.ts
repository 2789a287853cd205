/** The scale subresource: replicas read and written through an autoscaling/v1 Scale. */

import { err, ok, type Result } from '@tekton-dag/model';
import type { KubeObject } from '../../contracts/kube-object.ts';
import { isRecord } from '../../objects/is-record.ts';
import { notFound } from '../../objects/store-refusals.ts';
import type { ApiContext } from '../http/api-context.ts';
import { badRequest, methodNotAllowed, type ApiRefusal } from '../http/api-refusal.ts';
import { objectKeyOf, type ResourceRequest } from '../http/api-request.ts';
import type { ApiOutcome } from '../http/api-response.ts';
import { decodeBody } from '../http/parse-object.ts';
import { mergePatch } from '../patch/merge-patch.ts';
import { patchedValue } from './patch-object.ts';
import { writeRevision } from './write-revision.ts';

const fieldsOf = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});

const numberOf = (value: unknown, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise;

const selectorText = (spec: Record<string, unknown>): string => {
  const selector = fieldsOf(spec.selector);
  const labels = fieldsOf(selector.matchLabels ?? selector);
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(',');
};

/** As the API server renders it, without a field for zero replicas. */
const renderScale = ({ metadata, spec, status }: KubeObject): Record<string, unknown> => {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  const replicas = numberOf(fieldsOf(spec).replicas, 1);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: replicas === 0 ? {} : { replicas },
    status: { replicas: numberOf(fieldsOf(status).replicas, 0), selector: selectorText(fieldsOf(spec)) },
  };
};

const askedScale = (request: ResourceRequest, live: KubeObject): Result<unknown, ApiRefusal> => {
  const decoded = decodeBody(request.body, request.contentType);
  if (!decoded.ok) return badRequest(decoded.error);
  if (request.method === 'PUT') return decoded;
  const patched = patchedValue(renderScale(live), decoded.value, request);
  return patched.ok ? patched : err(patched.error);
};

const writeScale = (context: ApiContext, request: ResourceRequest, live: KubeObject): ApiOutcome => {
  const asked = askedScale(request, live);
  if (!asked.ok) return asked;
  const { spec, metadata } = fieldsOf(asked.value);
  const { replicas = 0 } = fieldsOf(spec);
  if (typeof replicas !== 'number' || replicas < 0)
    return badRequest('spec.replicas must be a number of 0 or more');
  const { resourceVersion } = fieldsOf(metadata);
  const locked = typeof resourceVersion === 'string' ? { resourceVersion } : {};
  const object: KubeObject = {
    ...live,
    metadata: { ...live.metadata, ...locked },
    spec: mergePatch(live.spec, { replicas }),
  };
  const written = writeRevision(context, request, live, { object, warnings: [] });
  if (!written.ok || written.value.type !== 'object') return written;
  return ok({ type: 'json', code: 200, body: renderScale(written.value.object) });
};

/** GET, PUT or PATCH of the scale of an object. */
export const scaleObject = (context: ApiContext, request: ResourceRequest): ApiOutcome => {
  const key = objectKeyOf(request);
  const live = context.store.get(key);
  if (live === undefined) return notFound(key, key.name);
  if (request.method === 'GET') return ok({ type: 'json', code: 200, body: renderScale(live) });
  return request.method === 'PUT' || request.method === 'PATCH'
    ? writeScale(context, request, live)
    : methodNotAllowed();
};
