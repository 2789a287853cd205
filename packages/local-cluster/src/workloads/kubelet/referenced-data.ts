/** Reads ConfigMaps and Secrets for pods. */

import type { ObjectStore } from '../../contracts/object-store.ts';
import { isRecord } from '../../objects/is-record.ts';

/** A data map whose values hold one byte per character (latin1), so that binary content survives. */
export type ByteMap = Readonly<Record<string, string>>;

/** `data` and `binaryData` of a ConfigMap; undefined when there is none. */
export function readConfigMap(store: ObjectStore, namespace: string, name: string): ByteMap | undefined {
  const object = store.get({ group: '', resource: 'configmaps', namespace, name });
  if (object === undefined) return undefined;
  const text = Object.entries(stringsOf(object['data'])).map(([key, value]) => [
    key,
    asBytes(Buffer.from(value)),
  ]);
  return Object.fromEntries([...text, ...decoded(object['binaryData'])]);
}

/** The decoded `data` of a Secret; undefined when there is none. */
export function readSecret(store: ObjectStore, namespace: string, name: string): ByteMap | undefined {
  const object = store.get({ group: '', resource: 'secrets', namespace, name });
  return object === undefined ? undefined : Object.fromEntries(decoded(object['data']));
}

/** The same map as text, for environment variables. */
export function textOf(bytes: ByteMap | undefined): Record<string, string> | undefined {
  if (bytes === undefined) return undefined;
  const pairs = Object.entries(bytes).map(([key, value]) => [
    key,
    Buffer.from(value, 'latin1').toString('utf8'),
  ]);
  return Object.fromEntries(pairs);
}

function decoded(data: unknown): [string, string][] {
  return Object.entries(stringsOf(data)).map(([key, value]) => [key, asBytes(Buffer.from(value, 'base64'))]);
}

function asBytes(buffer: Buffer): string {
  return buffer.toString('latin1');
}

function stringsOf(data: unknown): Record<string, string> {
  if (!isRecord(data)) return {};
  const strings = Object.entries(data).flatMap(([key, value]) =>
    typeof value === 'string' ? [[key, value]] : [],
  );
  return Object.fromEntries(strings);
}
