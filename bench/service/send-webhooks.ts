/** sendWebhooks: signed webhooks over kept-alive connections, as fast as they are answered or at a rate. */

import type { DeliveryWriter } from './delivery-writer.ts';
import { createHttpConnection } from './http-connection.ts';

export interface Load {
  readonly url: string;
  readonly writer: DeliveryWriter;
  readonly connections: number;
  /** Index of the first delivery; each load has numbers of its own. */
  readonly first: number;
  readonly count: number;
  /** Absent: each connection sends its next request when it has its answer. */
  readonly ratePerS?: number;
}

export interface LoadResult {
  readonly latenciesMs: Float64Array;
  readonly durationMs: number;
  /** Answers by status; 0: no answer. */
  readonly statuses: ReadonlyMap<number, number>;
}

/** With a rate, a request is due at its time and its latency counts from there, so a stall is felt by all behind it. */
export async function sendWebhooks(load: Load): Promise<LoadResult> {
  const { count, connections, ratePerS } = load;
  const latenciesMs = new Float64Array(count);
  const statuses = new Map<number, number>();
  const startedAt = performance.now();
  const dueAtMs = (index: number): number =>
    ratePerS === undefined ? performance.now() : startedAt + (index * 1_000) / ratePerS;
  let next = 0;

  const sendAll = async (): Promise<void> => {
    const connection = createHttpConnection(load.url);
    const request = Buffer.allocUnsafeSlow(load.writer.sizeBytes);
    while (next < count) {
      const index = next++;
      const dueAt = dueAtMs(index);
      load.writer.write(request, load.first + index);
      await until(dueAt);
      const status = await connection.send(request);
      latenciesMs[index] = performance.now() - dueAt;
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: connections }, sendAll));
  return { latenciesMs, statuses, durationMs: performance.now() - startedAt };
}

async function until(dueAtMs: number): Promise<void> {
  const waitMs = dueAtMs - performance.now();
  if (waitMs > 0) await new Promise((resolve) => void setTimeout(resolve, Math.ceil(waitMs)));
}
