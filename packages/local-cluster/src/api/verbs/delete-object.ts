/** DELETE of one object or of a collection. */

import { err, ok, type Result } from '@tekton-dag/model';
import type { ObjectKey } from '../../contracts/kube-object.ts';
import type { Propagation } from '../../contracts/object-store.ts';
import { isRecord } from '../../objects/is-record.ts';
import type { ApiContext } from '../http/api-context.ts';
import { badRequest, type ApiRefusal } from '../http/api-refusal.ts';
import { objectKeyOf, type ResourceRequest } from '../http/api-request.ts';
import type { ApiOutcome } from '../http/api-response.ts';
import { decodeBody } from '../http/parse-object.ts';
import { renderSuccess } from '../http/render-status.ts';
import { selectObjects } from './list-objects.ts';

interface DeleteOptions {
  readonly propagation?: Propagation;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly gracePeriodSeconds?: number;
  readonly dryRun?: boolean;
}

const PROPAGATIONS: readonly Propagation[] = ['Background', 'Foreground', 'Orphan'];

const textIn = (record: Record<string, unknown>, field: string): string | undefined => {
  const value = record[field];
  return typeof value === 'string' ? value : undefined;
};

const optionsBody = ({ body, contentType }: ResourceRequest): Result<Record<string, unknown>, ApiRefusal> => {
  if (body.length === 0) return ok({});
  const decoded = decodeBody(body, contentType);
  if (!decoded.ok) return badRequest(decoded.error);
  return ok(isRecord(decoded.value) ? decoded.value : {});
};

const propagationOf = (body: Record<string, unknown>, query: URLSearchParams): Propagation | undefined => {
  if (body.orphanDependents === true || query.get('orphanDependents') === 'true') return 'Orphan';
  const asked = textIn(body, 'propagationPolicy') ?? query.get('propagationPolicy');
  return PROPAGATIONS.find((each) => each === asked);
};

const graceOf = (body: Record<string, unknown>, query: URLSearchParams): number | undefined => {
  if (typeof body.gracePeriodSeconds === 'number') return body.gracePeriodSeconds;
  const asked = query.get('gracePeriodSeconds');
  return asked === null || !/^\d+$/.test(asked) ? undefined : Number(asked);
};

const defined = <T extends Record<string, unknown>>(
  record: T,
): Partial<{ [K in keyof T]: NonNullable<T[K]> }> => {
  const copy: Partial<{ [K in keyof T]: NonNullable<T[K]> }> = {};
  for (const key in record) {
    const value = record[key];
    if (value !== undefined && value !== null) copy[key] = value;
  }
  return copy;
};

const readOptions = (request: ResourceRequest): Result<DeleteOptions, ApiRefusal> => {
  const body = optionsBody(request);
  if (!body.ok) return body;
  const preconditions = isRecord(body.value.preconditions) ? body.value.preconditions : {};
  const dry = Array.isArray(body.value.dryRun) && body.value.dryRun.includes('All');
  return ok(
    defined({
      propagation: propagationOf(body.value, request.query),
      uid: textIn(preconditions, 'uid'),
      resourceVersion: textIn(preconditions, 'resourceVersion'),
      gracePeriodSeconds: graceOf(body.value, request.query),
      dryRun: dry || request.query.get('dryRun') === 'All',
    }),
  );
};

/** Answers with a Status when the object is gone, with the object when something still holds it. */
export const deleteObject = (context: ApiContext, request: ResourceRequest): ApiOutcome => {
  const options = readOptions(request);
  if (!options.ok) return options;
  const key = objectKeyOf(request);
  const deleted = context.store.delete(key, options.value);
  if (!deleted.ok) return deleted;
  const held = context.store.get(key);
  if (
    held?.metadata.uid === deleted.value.metadata.uid &&
    held !== undefined &&
    options.value.dryRun !== true
  ) {
    return ok({ type: 'object', code: 200, object: held });
  }
  const { uid = '' } = deleted.value.metadata;
  const subject = { name: key.name, group: key.group, kind: key.resource, uid };
  return ok({ type: 'json', code: 200, body: renderSuccess(subject) });
};

/** Deletes every selected object; answers with the list of what was asked to go. */
export const deleteCollection = (context: ApiContext, request: ResourceRequest): ApiOutcome => {
  const options = readOptions(request);
  if (!options.ok) return options;
  const selected = selectObjects(context, request);
  if (!selected.ok) return err(selected.error);
  const { group, resource } = request.definition;
  for (const { metadata } of selected.value) {
    const key: ObjectKey = {
      group,
      resource,
      namespace: metadata.namespace ?? '',
      name: metadata.name ?? '',
    };
    context.store.delete(key, options.value);
  }
  return ok({ type: 'list', items: selected.value, resourceVersion: context.store.resourceVersion() });
};
