/** Builds the next state of an object from what a writer sent: which fields the writer decides, which the store. */

import { isDeepStrictEqual } from 'node:util';
import type { KubeObject, ObjectMeta } from '../contracts/kube-object.ts';
import { FOREGROUND } from './owner-references.ts';

/** What the store itself decides about a new object. */
export interface Birth {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  /** RFC 3339, whole seconds. */
  readonly creationTimestamp: string;
}

/** RFC 3339 in UTC without fractions, as Kubernetes writes times. */
export const kubernetesTime = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;

/** The object as it is first stored; `counted` kinds (with a status subresource) get a generation. */
export const newObject = (sent: KubeObject, birth: Birth, counted: boolean): KubeObject => {
  const {
    resourceVersion: _version,
    deletionTimestamp: _deletion,
    deletionGracePeriodSeconds: _grace,
    generation: _generation,
    namespace: _namespace,
    ...rest
  } = sent.metadata;
  const metadata: ObjectMeta = {
    ...rest,
    name: birth.name,
    uid: birth.uid,
    creationTimestamp: birth.creationTimestamp,
  };
  if (birth.namespace !== '') metadata.namespace = birth.namespace;
  if (counted) metadata.generation = 1;
  return { ...sent, metadata };
};

/** The fields that no update changes. */
const lastingMetadata = ({ metadata }: KubeObject): ObjectMeta => {
  const { name, namespace, uid, creationTimestamp, generation, resourceVersion, generateName } = metadata;
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadata;
  return Object.fromEntries(
    Object.entries({
      name,
      generateName,
      namespace,
      uid,
      resourceVersion,
      generation,
      creationTimestamp,
      deletionTimestamp,
      deletionGracePeriodSeconds,
    }).filter(([, value]) => value !== undefined),
  );
};

const WRITABLE = ['labels', 'annotations', 'finalizers', 'ownerReferences', 'managedFields'] as const;

const writableMetadata = (metadata: ObjectMeta): ObjectMeta =>
  Object.fromEntries(
    WRITABLE.flatMap((field) => {
      const value = metadata[field];
      return value === undefined ? [] : [[field, value]];
    }),
  );

/** `sent` with the metadata that lasts taken from `current`, and its status too when `keepStatus`. */
export const revisedObject = (current: KubeObject, sent: KubeObject, keepStatus: boolean): KubeObject => {
  const { status, ...body } = sent;
  const kept = keepStatus ? current.status : status;
  const metadata = { ...lastingMetadata(current), ...writableMetadata(sent.metadata) };
  const next: KubeObject = {
    ...body,
    apiVersion: current.apiVersion,
    kind: current.kind,
    metadata,
  };
  return kept === undefined ? next : { ...next, status: kept };
};

/** `current` with the status (and the field ownership) of `sent`. */
export const withStatusOf = (current: KubeObject, sent: KubeObject): KubeObject => {
  const { status: _status, ...body } = current;
  const { managedFields } = sent.metadata;
  const metadata = managedFields === undefined ? current.metadata : { ...current.metadata, managedFields };
  return sent.status === undefined ? { ...body, metadata } : { ...body, metadata, status: sent.status };
};

const specOf = ({ metadata: _metadata, status: _status, ...rest }: KubeObject): Record<string, unknown> =>
  rest;

/** Moves the generation when anything but metadata and status differs. */
export const withGeneration = (current: KubeObject, next: KubeObject): KubeObject => {
  const { generation } = current.metadata;
  if (generation === undefined || isDeepStrictEqual(specOf(current), specOf(next))) return next;
  return { ...next, metadata: { ...next.metadata, generation: generation + 1 } };
};

/** What still has to happen before a deleted object may go. A Namespace keeps a list of its own in its spec. */
export const finalizersOf = (object: KubeObject): readonly string[] => {
  const own = object.metadata.finalizers ?? [];
  if (object.kind !== 'Namespace' || object.apiVersion !== 'v1') return own;
  const { spec } = object;
  if (typeof spec !== 'object' || spec === null || !('finalizers' in spec) || !Array.isArray(spec.finalizers))
    return own;
  return [...own, ...spec.finalizers.map(String)];
};

export interface Deletion {
  readonly graceSeconds: number;
  /** Dependents go first. */
  readonly foreground: boolean;
  readonly now: Date;
}

/** The object with the marks of a deletion that has begun; the time of the first deletion stays. */
export const markedForDeletion = (
  current: KubeObject,
  { graceSeconds, foreground, now }: Deletion,
): KubeObject => {
  const { deletionTimestamp, finalizers = [] } = current.metadata;
  const ends = kubernetesTime(new Date(now.getTime() + graceSeconds * 1000));
  const metadata = {
    ...current.metadata,
    deletionTimestamp: deletionTimestamp ?? ends,
    deletionGracePeriodSeconds: graceSeconds,
  };
  const waits = foreground && !finalizers.includes(FOREGROUND);
  return {
    ...current,
    metadata: waits ? { ...metadata, finalizers: [...finalizers, FOREGROUND] } : metadata,
  };
};
