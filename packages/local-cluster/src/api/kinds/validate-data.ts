/** validateData: keys and size of the data of ConfigMaps and Secrets, judged as the Kubernetes API server does. Pure. */

import type { KubeObject } from '../../contracts/kube-object.ts';
import type { FieldError } from '../../contracts/resource-definition.ts';
import { isRecord } from '../../objects/is-record.ts';

/** Core/v1, MaxSecretSize: of the values together, decoded; keys do not count. */
const MAX_DATA_BYTES = 1024 * 1024;
const DATA_KEY = /^[-._a-zA-Z0-9]{1,253}$/;

export interface DataFields {
  /** Whose values are plain. */
  readonly text?: string;
  /** Whose values are base64. */
  readonly bytes: string;
  /** How the API server calls what is too long. */
  readonly whole: string;
}

/** Every problem of the fields that hold data. */
export function validateData(object: KubeObject, { text, bytes, whole }: DataFields): readonly FieldError[] {
  const texts = text === undefined ? {} : recordOf(object[text]);
  const encoded = recordOf(object[bytes]);
  const sizeBytes = sizeOf(texts, 'utf8') + sizeOf(encoded, 'base64');
  return [
    ...Object.keys(texts).flatMap((key) => keyProblems(`${text}[${key}]`, key)),
    ...Object.keys(encoded).flatMap((key) => keyProblems(`${bytes}[${key}]`, key)),
    ...(sizeBytes > MAX_DATA_BYTES
      ? [{ field: whole, message: `Too long: may not be more than ${MAX_DATA_BYTES} bytes` }]
      : []),
  ];
}

const recordOf = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});

function sizeOf(values: Record<string, unknown>, encoding: 'utf8' | 'base64'): number {
  return Object.values(values).reduce<number>(
    (sum, value) => sum + (typeof value === 'string' ? Buffer.byteLength(value, encoding) : 0),
    0,
  );
}

/** A key is a file name: in a volume, names with two dots are the kubelet's own. */
function keyProblems(field: string, key: string): readonly FieldError[] {
  const why = keyFault(key);
  return why === undefined ? [] : [{ field, message: `Invalid value: ${JSON.stringify(key)}: ${why}` }];
}

function keyFault(key: string): string | undefined {
  if (!DATA_KEY.test(key))
    return "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
  if (key === '.' || key === '..') return `must not be '${key}'`;
  return key.startsWith('..') ? "must not start with '..'" : undefined;
}
