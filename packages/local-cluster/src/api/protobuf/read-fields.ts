/** The wire form of protobuf: a message is a sequence of numbered fields. */

import { err, ok, type Result } from '@tekton-dag/model';

export interface WireField {
  readonly number: number;
  /** A varint or fixed number as bigint, everything else as bytes. */
  readonly value: bigint | Uint8Array;
}

const TRUNCATED = err('a protobuf message is truncated');

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isDone(): boolean {
    return this.#at >= this.#bytes.length;
  }

  varint(): bigint | undefined {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) return undefined;
      this.#at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    return undefined;
  }

  take(length: number): Uint8Array | undefined {
    const end = this.#at + length;
    if (end > this.#bytes.length) return undefined;
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  value(wireType: number): bigint | Uint8Array | undefined {
    if (wireType === 0) return this.varint();
    if (wireType === 1) return this.take(8);
    if (wireType === 5) return this.take(4);
    const length = wireType === 2 ? this.varint() : undefined;
    return length === undefined ? undefined : this.take(Number(length));
  }
}

/** All fields in the order of the bytes; the error is a sentence. */
export const readFields = (bytes: Uint8Array): Result<readonly WireField[], string> => {
  const reader = new Reader(bytes);
  const fields: WireField[] = [];
  while (!reader.isDone) {
    const tag = reader.varint();
    if (tag === undefined) return TRUNCATED;
    const value = reader.value(Number(tag & 7n));
    if (value === undefined) return TRUNCATED;
    fields.push({ number: Number(tag >> 3n), value });
  }
  return ok(fields);
};
