/** The refusals of the object store, worded as the Kubernetes API server words them. */

import { err, type Err } from '@tekton-dag/model';
import type { ResourceKey } from '../contracts/kube-object.ts';
import type { StoreRefusal } from '../contracts/object-store.ts';

/** `deployments.apps`, or `pods` in the core group. */
const qualifiedResource = (resource: ResourceKey): string =>
  resource.group === '' ? resource.resource : `${resource.resource}.${resource.group}`;

/** `Deployment.apps`, or `Pod` in the core group. */
export const qualifiedKind = ({ kind, group }: { readonly kind: string; readonly group: string }): string =>
  group === '' ? kind : `${kind}.${group}`;

export const notFound = (resource: ResourceKey, name: string): Err<StoreRefusal> =>
  err({ reason: 'NotFound', code: 404, message: `${qualifiedResource(resource)} "${name}" not found` });

export const alreadyExists = (resource: ResourceKey, name: string): Err<StoreRefusal> =>
  err({
    reason: 'AlreadyExists',
    code: 409,
    message: `${qualifiedResource(resource)} "${name}" already exists`,
  });

export const conflict = (resource: ResourceKey, name: string, why: string): Err<StoreRefusal> =>
  err({
    reason: 'Conflict',
    code: 409,
    message: `Operation cannot be fulfilled on ${qualifiedResource(resource)} "${name}": ${why}`,
  });

export const forbidden = (resource: ResourceKey, name: string, why: string): Err<StoreRefusal> =>
  err({
    reason: 'Forbidden',
    code: 403,
    message: `${qualifiedResource(resource)} "${name}" is forbidden: ${why}`,
  });

/** 422 with one cause per field; `kind` is qualified by its group, e.g. `Deployment.apps`. */
export const invalid = (
  kind: string,
  name: string,
  causes: readonly { readonly field: string; readonly message: string }[],
): Err<StoreRefusal> => {
  const listed = causes.map((cause) => `${cause.field}: ${cause.message}`);
  const text = listed.length === 1 ? listed.join('') : `[${listed.join(', ')}]`;
  return err({ reason: 'Invalid', code: 422, message: `${kind} "${name}" is invalid: ${text}`, causes });
};

export const expired = (message: string): Err<StoreRefusal> => err({ reason: 'Expired', code: 410, message });
