/** Sends requests over kept connections: at a fixed rate whatever the answers do, or as fast as they come. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';

export interface Target {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

const CONNECTIONS = 32;

/**
 * Open loop: requests are sent when they are due, whether or not earlier ones are answered, so a slow answer delays no
 * other request and hides none. Answers the latency of each in milliseconds, unsorted.
 */
export async function loadAtRate(
  target: Target,
  ratePerSecond: number,
  durationMs: number,
): Promise<number[]> {
  const pool = new Pool(target.url, { connections: CONNECTIONS, pipelining: 1 });
  const total = Math.round((ratePerSecond * durationMs) / 1_000);
  const latencies: number[] = [];
  const pending: Promise<void>[] = [];
  const startMs = performance.now();
  while (pending.length < total) {
    const due = Math.min(total, Math.ceil(((performance.now() - startMs) * ratePerSecond) / 1_000));
    while (pending.length < due) {
      const sentMs = performance.now();
      pending.push(sendOne(pool, target).then(() => void latencies.push(performance.now() - sentMs)));
    }
    await sleep(1);
  }
  await Promise.all(pending);
  await pool.close();
  return latencies;
}

/** Closed loop: every connection sends the next request when it has its answer. Answers requests per second. */
export async function loadAtFullSpeed(target: Target, durationMs: number): Promise<number> {
  const pool = new Pool(target.url, { connections: CONNECTIONS, pipelining: 1 });
  const startMs = performance.now();
  let count = 0;
  const work = async (): Promise<void> => {
    while (performance.now() - startMs < durationMs) {
      await sendOne(pool, target);
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
  const seconds = (performance.now() - startMs) / 1_000;
  await pool.close();
  return count / seconds;
}

async function sendOne(pool: Pool, { headers }: Target): Promise<void> {
  const { statusCode, body } = await pool.request({ path: '/', method: 'GET', headers });
  if (statusCode !== 200) throw new Error(`a request was answered ${statusCode}`);
  await body.dump();
}
