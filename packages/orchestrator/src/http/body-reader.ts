/**
 * createBodyReader: the bodies of requests that nobody has vouched for yet, in as few copies as the socket allows and
 * never more of them at once than the process can hold. Each copy is memory outside V8's heap, which calls for full
 * garbage collections: they are the tail of a webhook's latency.
 */

import type { IncomingMessage } from 'node:http';
import { ProblemError } from './problem.ts';
import type { ProblemCode } from './problem-codes.ts';

export interface BodyReaderOptions {
  /** Of one body. */
  readonly bodyBytes: number;
  /** Of all bodies that are on their way. */
  readonly totalBytes: number;
  readonly onRefused: (code: ProblemCode) => void;
}

/** Rejects with the problem: 413 too large, 503 too many at once, 400 cut off. Of what was refused no more is kept. */
export type BodyReader = (payload: IncomingMessage) => Promise<Buffer>;

export function createBodyReader({ bodyBytes, totalBytes, onRefused }: BodyReaderOptions): BodyReader {
  let arrivingBytes = 0;
  return async (payload) => {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    const take = (chunk: Buffer): void => {
      sizeBytes += chunk.length;
      arrivingBytes += chunk.length;
      chunks.push(chunk);
      if (sizeBytes > bodyBytes) throw tooLarge();
      if (arrivingBytes > totalBytes) throw tooMany();
    };
    try {
      if (declaredLength(payload) > bodyBytes) throw tooLarge();
      await readAll(payload, take);
    } catch (error) {
      if (error instanceof ProblemError) onRefused(error.problem.code);
      throw error;
    } finally {
      arrivingBytes -= sizeBytes;
    }
    const [first, ...rest] = chunks;
    return first !== undefined && rest.length === 0 ? first : Buffer.concat(chunks, sizeBytes);
  };
}

/** Not `for await`: that costs a promise for each chunk. */
function readAll(payload: IncomingMessage, take: (chunk: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    payload.on('data', (chunk: Buffer) => {
      try {
        take(chunk);
      } catch (error) {
        payload.removeAllListeners('data').pause();
        reject(error);
      }
    });
    payload.on('end', resolve);
    payload.on('error', () => reject(cutOff()));
    payload.on('close', () => {
      // It comes after the end as well; an error for nothing costs as much as the reading.
      if (!payload.complete) reject(cutOff());
    });
  });
}

/** 0 where the request does not say: its chunks are counted then. */
function declaredLength({ headers }: IncomingMessage): number {
  return Number(headers['content-length'] ?? 0);
}

const tooLarge = (): ProblemError =>
  new ProblemError({ status: 413, code: 'body-too-large', title: 'The body is too large' });

const tooMany = (): ProblemError =>
  new ProblemError({ status: 503, code: 'overloaded', title: 'Too many bodies are on their way; try again' });

const cutOff = (): ProblemError =>
  new ProblemError({ status: 400, code: 'content-length', title: 'The body has not the length it declares' });
