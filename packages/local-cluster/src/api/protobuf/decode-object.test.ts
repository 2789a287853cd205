/** The protobuf form of built-in kinds. */

import { array, assert, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeObject } from './decode-object.ts';

const varint = (value: number): number[] =>
  value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
const bytes = (number: number, value: readonly number[] | string): number[] => {
  const raw = typeof value === 'string' ? [...Buffer.from(value)] : value;
  return [...varint(number * 8 + 2), ...varint(raw.length), ...raw];
};
const integer = (number: number, value: number): number[] => [...varint(number * 8), ...varint(value)];
const envelope = (apiVersion: string, kind: string, raw: readonly number[]): Uint8Array =>
  Uint8Array.from([
    ...Buffer.from('k8s\0'),
    ...bytes(1, [...bytes(1, apiVersion), ...bytes(2, kind)]),
    ...bytes(2, raw),
  ]);

describe('decodeObject', () => {
  it('reads texts, maps, bytes, lists and inline fields', () => {
    const metadata = [...bytes(1, 'name'), ...bytes(11, [...bytes(1, 'k'), ...bytes(2, 'v')])];
    const secret = [
      ...bytes(1, metadata),
      ...bytes(2, [...bytes(1, 'p'), ...bytes(2, [0, 255])]),
      ...bytes(3, 'Opaque'),
    ];
    expect(decodeObject(envelope('v1', 'Secret', secret))).toEqual({
      ok: true,
      value: {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'name', labels: { k: 'v' } },
        data: { p: 'AP8=' },
        type: 'Opaque',
      },
    });
  });

  it('keeps a zero where the field may be absent and drops it elsewhere', () => {
    const deployment = bytes(2, [...integer(1, 0), ...integer(5, 0)]);
    expect(decodeObject(envelope('apps/v1', 'Deployment', deployment))).toMatchObject({
      ok: true,
      value: { spec: { replicas: 0 } },
    });
  });

  it('says which kind or field it does not know', () => {
    expect(decodeObject(envelope('v1', 'Gadget', []))).toMatchObject({
      ok: false,
      error: expect.stringContaining('Gadget'),
    });
    expect(decodeObject(envelope('v1', 'ConfigMap', bytes(99, 'x')))).toMatchObject({
      ok: false,
      error: expect.stringContaining('field 99'),
    });
  });

  it('answers any bytes with a result', () => {
    assert(
      property(uint8Array(), array(uint8Array()), (start, rest) => {
        const message = [...start, ...rest.flatMap((part) => [...part])];
        expect(typeof decodeObject(envelope('v1', 'ConfigMap', message)).ok).toBe('boolean');
        expect(typeof decodeObject(Uint8Array.from(message)).ok).toBe('boolean');
      }),
    );
  });
});
