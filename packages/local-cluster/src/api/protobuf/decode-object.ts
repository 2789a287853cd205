/** Decodes the protobuf form of built-in kinds, which kubectl and client-go send for kinds they know, to plain JSON. */

import { err, ok, type Result } from '@tekton-dag/model';
import { isRecord } from '../../objects/is-record.ts';
import { KUBERNETES_MESSAGES } from './kubernetes-messages.ts';
import { readFields } from './read-fields.ts';

interface FieldType {
  readonly name: string;
  readonly type: string;
  /** '' one, '*' list, '%' map, '?' kept when zero, '^' inline. */
  readonly mark: string;
}

type Fields = ReadonlyMap<number, FieldType>;
type Wire = bigint | Uint8Array;

/** The envelope that every object stands in: `k8s` and a zero byte, then runtime.Unknown. */
const MAGIC = Buffer.from('k8s\0');

const parsed = new Map<string, Fields>();

const parseType = (text: string): Fields => {
  const entries = text.split(', ').map((field): [number, FieldType] => {
    const [number = '', name = '', typed = ''] = field.split(' ');
    const mark = /[*%?^]$/.exec(typed)?.[0] ?? '';
    return [Number(number), { name, mark, type: mark === '' ? typed : typed.slice(0, -1) }];
  });
  return new Map(entries);
};

const fieldsOf = (type: string): Fields | undefined => {
  const text = KUBERNETES_MESSAGES[type];
  if (text === undefined) return undefined;
  const found = parsed.get(type) ?? parseType(text);
  parsed.set(type, found);
  return found;
};

const bytesOf = (value: Wire): Uint8Array => (typeof value === 'bigint' ? new Uint8Array() : value);
const textOf = (value: Wire): string => Buffer.from(bytesOf(value)).toString('utf8');
const numberOf = (value: Wire): number => (typeof value === 'bigint' ? Number(BigInt.asIntN(64, value)) : 0);
const doubleOf = (value: Wire): number => Buffer.from(bytesOf(value)).readDoubleLE();

/** Members of a message of which only numbers and bytes matter. */
const rawMembers = (value: Wire): ReadonlyMap<number, Wire> => {
  const fields = readFields(bytesOf(value));
  return new Map(fields.ok ? fields.value.map((field) => [field.number, field.value]) : []);
};

const decodeTime = (value: Wire, fraction: boolean): string | undefined => {
  const members = rawMembers(value);
  if (members.size === 0) return undefined;
  const ms = numberOf(members.get(1) ?? 0n) * 1000;
  const micros = Math.floor(numberOf(members.get(2) ?? 0n) / 1000);
  const seconds = new Date(ms).toISOString().slice(0, 19);
  return fraction ? `${seconds}.${String(micros).padStart(6, '0')}Z` : `${seconds}Z`;
};

const decodeIntOrString = (value: Wire): unknown => {
  const members = rawMembers(value);
  return numberOf(members.get(1) ?? 0n) === 1
    ? textOf(members.get(3) ?? new Uint8Array())
    : numberOf(members.get(2) ?? 0n);
};

const decodeJson = (value: Wire): unknown => {
  const raw = rawMembers(value).get(1);
  return raw === undefined ? undefined : JSON.parse(textOf(raw));
};

const SCALARS: ReadonlyMap<string, (value: Wire) => unknown> = new Map<string, (value: Wire) => unknown>([
  ['string', textOf],
  ['bytes', (value) => Buffer.from(bytesOf(value)).toString('base64')],
  ['bool', (value) => value !== 0n],
  ['int32', numberOf],
  ['int64', numberOf],
  ['double', doubleOf],
  ['Time', (value) => decodeTime(value, false)],
  ['MicroTime', (value) => decodeTime(value, true)],
  ['Quantity', (value) => textOf(rawMembers(value).get(1) ?? new Uint8Array())],
  ['IntOrString', decodeIntOrString],
  ['FieldsV1', decodeJson],
  ['RawExtension', decodeJson],
  ['Duration', (value) => `${numberOf(rawMembers(value).get(1) ?? 0n) / 1e9}s`],
]);

const decodeValue = (type: string, value: Wire): Result<unknown, string> => {
  const scalar = SCALARS.get(type);
  return scalar === undefined ? decodeMessage(type, bytesOf(value)) : ok(scalar(value));
};

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === '' ||
  value === 0 ||
  value === false ||
  (isRecord(value) && Object.keys(value).length === 0);

const decodeEntry = (type: string, value: Wire): Result<readonly [string, unknown], string> => {
  const members = rawMembers(value);
  const decoded = decodeValue(type, members.get(2) ?? new Uint8Array());
  return decoded.ok ? ok([textOf(members.get(1) ?? new Uint8Array()), decoded.value]) : decoded;
};

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const recordOf = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});

/** Adds one field to the message under construction. */
const addField = (
  message: Map<string, unknown>,
  { name, type, mark }: FieldType,
  value: Wire,
): Result<undefined, string> => {
  if (mark === '%') {
    const entry = decodeEntry(type, value);
    if (entry.ok) message.set(name, { ...recordOf(message.get(name)), ...Object.fromEntries([entry.value]) });
    return entry.ok ? ok(undefined) : entry;
  }
  const decoded = decodeValue(type, value);
  if (!decoded.ok) return decoded;
  if (mark === '*') message.set(name, [...listOf(message.get(name)), decoded.value]);
  else if (mark === '^')
    for (const [field, child] of Object.entries(recordOf(decoded.value))) message.set(field, child);
  else if (mark === '?' || !isEmpty(decoded.value)) message.set(name, decoded.value);
  return ok(undefined);
};

const decodeMessage = (type: string, bytes: Uint8Array): Result<Record<string, unknown>, string> => {
  const fields = fieldsOf(type);
  if (fields === undefined) return err(`the protobuf form of ${type} is not supported; send JSON`);
  const wire = readFields(bytes);
  if (!wire.ok) return wire;
  const message = new Map<string, unknown>();
  for (const { number, value } of wire.value) {
    const field = fields.get(number);
    if (field === undefined)
      return err(`field ${number} of the protobuf form of ${type} is not supported; send JSON`);
    const added = field.type === '-' ? ok(undefined) : addField(message, field, value);
    if (!added.ok) return added;
  }
  return ok(Object.fromEntries(message));
};

/** Decodes a whole object with its apiVersion and kind. The error is a sentence. */
export const decodeObject = (body: Uint8Array): Result<Record<string, unknown>, string> => {
  const magic = body.subarray(0, MAGIC.length);
  if (!MAGIC.equals(magic)) return err('the body is not a Kubernetes object in protobuf form');
  const envelope = rawMembers(body.subarray(MAGIC.length));
  const typeMeta = rawMembers(envelope.get(1) ?? new Uint8Array());
  const apiVersion = textOf(typeMeta.get(1) ?? new Uint8Array());
  const kind = textOf(typeMeta.get(2) ?? new Uint8Array());
  const message = decodeMessage(kind, bytesOf(envelope.get(2) ?? new Uint8Array()));
  return message.ok ? ok({ apiVersion, kind, ...message.value }) : message;
};
