/** limitOf: what an answer says of the forge's rate limit (GitHub docs, "Rate limits for the REST API"). */

import type { ForgeBudget } from './forge-client.ts';
import type { ForgeAnswer } from './forge-request.ts';

/** GitHub docs: wait a minute where a secondary limit names no time. */
const UNKNOWN_PAUSE_MS = 60_000;
/** Nobody's limit lasts longer than an hour. */
const MAX_PAUSE_MS = 3_600_000;

/** `retryAtMs`: the request was refused for its rate. */
export function limitOf(
  answer: ForgeAnswer,
  nowMs: number,
): { readonly budget: ForgeBudget | undefined; readonly retryAtMs: number | undefined } {
  const budget = budgetOf(answer.headers);
  if (!isLimited(answer, budget)) return { budget, retryAtMs: undefined };
  const pauseMs = pauseOf(answer, budget, nowMs);
  return { budget, retryAtMs: nowMs + Math.min(MAX_PAUSE_MS, Math.max(1_000, pauseMs)) };
}

function budgetOf(headers: ForgeAnswer['headers']): ForgeBudget | undefined {
  const [remaining, limit, reset] = ['remaining', 'limit', 'reset'].map((name) =>
    Number.parseInt(headers[`x-ratelimit-${name}`] ?? '', 10),
  );
  if (!isCount(remaining) || !isCount(limit) || !isCount(reset)) return undefined;
  return { remaining, limit, resetAtMs: reset * 1_000 };
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0;
}

function isLimited({ status, headers, data }: ForgeAnswer, budget: ForgeBudget | undefined): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  return (
    budget?.remaining === 0 ||
    headers['retry-after'] !== undefined ||
    /rate limit/i.test(JSON.stringify(data) ?? '')
  );
}

function pauseOf({ headers }: ForgeAnswer, budget: ForgeBudget | undefined, nowMs: number): number {
  const seconds = Number.parseInt(headers['retry-after'] ?? '', 10);
  if (isCount(seconds)) return seconds * 1_000;
  return budget?.remaining === 0 ? budget.resetAtMs - nowMs : UNKNOWN_PAUSE_MS;
}
