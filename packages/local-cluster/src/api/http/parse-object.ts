/** Reads a Kubernetes object out of unknown input. */

import { err, ok, type Result } from '@tekton-dag/model';
import { parse as parseYaml } from 'yaml';
import type { KubeObject } from '../../contracts/kube-object.ts';
import { decodeObject } from '../protobuf/decode-object.ts';
import { isRecord } from '../../objects/is-record.ts';

const isOptionalString = (value: unknown): boolean => value === undefined || typeof value === 'string';

const isStringMap = (value: unknown): boolean =>
  value === undefined || (isRecord(value) && Object.values(value).every((each) => typeof each === 'string'));

const isStringList = (value: unknown): boolean =>
  value === undefined || (Array.isArray(value) && value.every((each) => typeof each === 'string'));

const isOwner = (value: unknown): boolean =>
  isRecord(value) && ['apiVersion', 'kind', 'name', 'uid'].every((field) => typeof value[field] === 'string');

const TEXT_FIELDS = ['name', 'generateName', 'namespace', 'uid', 'resourceVersion'];

const badMetadataField = (metadata: Record<string, unknown>): string | undefined => {
  const badText = TEXT_FIELDS.find((field) => !isOptionalString(metadata[field]));
  if (badText !== undefined) return `${badText} of type string`;
  const badMap = ['labels', 'annotations'].find((field) => !isStringMap(metadata[field]));
  if (badMap !== undefined) return `${badMap} of type map[string]string`;
  if (!isStringList(metadata.finalizers)) return 'finalizers of type []string';
  const owners = metadata.ownerReferences ?? [];
  return Array.isArray(owners) && owners.every(isOwner)
    ? undefined
    : 'ownerReferences of type []OwnerReference';
};

/** True when the value has the shape that every Kubernetes object has. */
export const isKubeObject = (value: unknown): value is KubeObject =>
  isRecord(value) &&
  typeof value.apiVersion === 'string' &&
  typeof value.kind === 'string' &&
  isRecord(value.metadata) &&
  badMetadataField(value.metadata) === undefined;

const withoutNulls = (metadata: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== null));

/** Checks a decoded value; missing apiVersion and kind are taken from `expected`. The error is a sentence. */
export const toKubeObject = (
  value: unknown,
  expected: { readonly apiVersion: string; readonly kind: string },
): Result<KubeObject, string> => {
  if (!isRecord(value)) return err('the body of the request is not an object');
  const metadata = isRecord(value.metadata) ? withoutNulls(value.metadata) : {};
  const bad = badMetadataField(metadata);
  if (bad !== undefined) return err(`${expected.kind} cannot be handled: metadata needs ${bad}`);
  const object = { ...expected, ...value, metadata };
  return isKubeObject(object) ? ok(object) : err('apiVersion and kind must be strings');
};

const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** Decodes a body by its content type: JSON, YAML, or the protobuf form of a built-in kind. The error is a sentence. */
export const decodeBody = (body: Buffer, contentType: string): Result<unknown, string> => {
  if (contentType.startsWith(PROTOBUF)) return decodeObject(body);
  try {
    const text = body.toString('utf8');
    const value: unknown = contentType.includes('yaml') ? parseYaml(text) : JSON.parse(text);
    return ok(value);
  } catch (fault) {
    return err(
      `the object provided is unrecognized: ${fault instanceof Error ? fault.message : String(fault)}`,
    );
  }
};
