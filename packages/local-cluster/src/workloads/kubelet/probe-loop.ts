/** Repeats a probe in its period and tells when its verdict changes (core/v1, Probe thresholds). */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Probe } from '../specs/pod-schema.ts';
import type { ProbeResult } from './run-probe.ts';

export interface ProbeLoop {
  readonly probe: Probe;
  readonly check: () => Promise<ProbeResult>;
  /** Called after `successThreshold` or `failureThreshold` equal results in a row, once per change. */
  readonly onVerdict: (healthy: boolean, message: string) => void;
  /** Called for each failure that counts. */
  readonly onFailure: (message: string) => void;
  readonly signal: AbortSignal;
}

/** The first checks come quickly, so that a container that starts in 50 ms is not found ready a period later. */
const EAGER_DELAYS_MS = [20, 50, 100, 200, 400, 800];

/** Runs until the signal aborts. Failures between two periods do not count; a success always does. */
export async function runProbeLoop({ probe, check, onVerdict, onFailure, signal }: ProbeLoop): Promise<void> {
  const { periodSeconds = 10, initialDelaySeconds = 0, successThreshold = 1, failureThreshold = 3 } = probe;
  const periodMs = periodSeconds * 1000;
  const startedMs = performance.now();
  await pause(initialDelaySeconds * 1000, signal);
  let healthy: boolean | undefined;
  let streak = 0;
  let nextCountedMs = performance.now();
  let last: boolean | undefined;
  while (!signal.aborted) {
    const result = await check();
    if (signal.aborted) return;
    const counts = result.ok || performance.now() >= nextCountedMs;
    if (counts) {
      nextCountedMs = Math.max(nextCountedMs, performance.now()) + periodMs;
      streak = last === result.ok ? streak + 1 : 1;
      last = result.ok;
      const message = result.ok ? '' : result.error;
      if (!result.ok) onFailure(message);
      if (healthy !== result.ok && streak >= (result.ok ? successThreshold : failureThreshold)) {
        healthy = result.ok;
        onVerdict(result.ok, message);
      }
    }
    await pause(
      nextDelayMs(healthy === undefined || !healthy, performance.now() - startedMs, periodMs),
      signal,
    );
  }
}

function nextDelayMs(eager: boolean, ageMs: number, periodMs: number): number {
  const quick = EAGER_DELAYS_MS.find((delay) => ageMs < delay * 4) ?? 1000;
  return eager ? Math.min(quick, periodMs) : periodMs;
}

async function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  if (delayMs > 0) await sleep(delayMs, undefined, { signal }).catch(() => {});
}
