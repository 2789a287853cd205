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
const SLOWEST_EAGER_DELAY_MS = 1_000;
/** No program is blamed for not answering in its first second. */
const FIRST_COUNTED_MS = 1_000;

/** Runs until the signal aborts. Failures between two periods do not count; a success always does. */
export async function runProbeLoop({ probe, check, onVerdict, onFailure, signal }: ProbeLoop): Promise<void> {
  const tally = createProbeTally(probe);
  const periodMs = (probe.periodSeconds ?? 10) * 1000;
  await pause((probe.initialDelaySeconds ?? 0) * 1000, signal);
  const startedMs = performance.now();
  while (!signal.aborted) {
    const result = await check();
    if (signal.aborted) return;
    const ageMs = performance.now() - startedMs;
    const { counted, verdict } = tally.count(result.ok, ageMs);
    const message = result.ok ? '' : result.error;
    if (counted && !result.ok) onFailure(message);
    if (verdict !== undefined) onVerdict(verdict, message);
    await pause(tally.healthy() ? periodMs : Math.min(eagerDelayMs(ageMs), periodMs), signal);
  }
}

export interface ProbeTally {
  /** Notes one result at a time after the first; `verdict` is set when it changes. */
  count(success: boolean, ageMs: number): { readonly counted: boolean; readonly verdict?: boolean };
  healthy(): boolean;
}

/** Counts results in a row; pure but for its own memory. */
export function createProbeTally({
  periodSeconds = 10,
  successThreshold = 1,
  failureThreshold = 3,
}: Probe): ProbeTally {
  let nextCountedMs = Math.min(periodSeconds * 1000, FIRST_COUNTED_MS);
  let last: boolean | undefined;
  let streak = 0;
  let verdict: boolean | undefined;
  return {
    healthy: () => verdict === true,
    count(success, ageMs) {
      if (!success && ageMs < nextCountedMs) return { counted: false };
      nextCountedMs = ageMs + periodSeconds * 1000;
      streak = last === success ? streak + 1 : 1;
      last = success;
      if (verdict === success || streak < (success ? successThreshold : failureThreshold))
        return { counted: true };
      verdict = success;
      return { counted: true, verdict: success };
    },
  };
}

function eagerDelayMs(ageMs: number): number {
  return EAGER_DELAYS_MS.find((delay) => ageMs < delay * 4) ?? SLOWEST_EAGER_DELAY_MS;
}

async function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  if (delayMs > 0) await sleep(delayMs, undefined, { signal }).catch(() => {});
}
