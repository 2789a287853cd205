/**
 * createForgeHttp: what calls to every forge have in common: conditional requests, a second try of what only reads, and
 * a rate limit that is told at once instead of slept through.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Metrics } from '../metrics.ts';
import { askConditionally } from './ask-conditionally.ts';
import { createETagCache } from './etag-cache.ts';
import { createBudgetDisplay } from './budget-display.ts';
import type { ForgeBudget } from './forge-client.ts';
import { ForgeError } from './forge-error.ts';
import type { ForgeAnswer, ForgeRequest, SendToForge } from './forge-request.ts';
import { limitOf } from './rate-limit.ts';

export interface ForgeHttpOptions {
  readonly host: string;
  readonly send: SendToForge;
  /** Whose budget a request is taken from; default: all from one. */
  readonly payerOf?: (request: ForgeRequest) => string;
  readonly metrics: Pick<Metrics, 'forgeRequests' | 'forgeBudget'>;
}

export interface ForgeHttp {
  /** Resolves with a status below 400; rejects with a `ForgeError`. */
  call(request: ForgeRequest): Promise<ForgeAnswer>;
  budget(): ForgeBudget | undefined;
}

const TIMEOUT_MS = 20_000;
const TRIES_TO_READ = 3;
const RETRY_MS = 200;

export function createForgeHttp({ host, send, metrics, payerOf }: ForgeHttpOptions): ForgeHttp {
  const cache = createETagCache();
  const showBudget = createBudgetDisplay(metrics, host);
  let budget: ForgeBudget | undefined;
  const blockedUntilMs = new Map<string, number>();
  const payer = (request: ForgeRequest): string => payerOf?.(request) ?? '';

  const attempt = async (
    request: ForgeRequest,
    headers: Readonly<Record<string, string>>,
  ): Promise<ForgeAnswer> => {
    const count = (status: number): void =>
      metrics.forgeRequests.inc({ host, operation: request.operation, status });
    try {
      const answer = await send(request, headers, AbortSignal.timeout(TIMEOUT_MS));
      count(answer.status);
      const limit = limitOf(answer, Date.now());
      if (limit.budget !== undefined) {
        budget = limit.budget;
        showBudget(budget);
      }
      if (limit.retryAtMs !== undefined) blockedUntilMs.set(payer(request), limit.retryAtMs);
      return answer;
    } catch (error) {
      count(0);
      throw toUnavailable(error, request);
    }
  };
  return {
    budget: () => budget,
    call: async (request) => {
      const untilMs = blockedUntilMs.get(payer(request)) ?? 0;
      if (untilMs > Date.now()) throw new ForgeError('rate-limited', `${host} asks for a pause`, untilMs);
      return askConditionally(cache, request, async (headers) => {
        const answer = await tryAgain(request, () => attempt(request, headers));
        if (answer.status >= 400) throw toForgeError(request, answer);
        return answer;
      });
    },
  };
}

/** Only what reads may be sent twice. */
async function tryAgain(request: ForgeRequest, attempt: () => Promise<ForgeAnswer>): Promise<ForgeAnswer> {
  const tries = request.method === 'GET' ? TRIES_TO_READ : 1;
  for (let count = 1; ; count += 1) {
    try {
      const answer = await attempt();
      if (answer.status < 500 || count === tries) return answer;
    } catch (error) {
      if (count === tries || !(error instanceof ForgeError) || error.reason !== 'unavailable') throw error;
    }
    await sleep(RETRY_MS * 2 ** (count - 1));
  }
}

const REASONS: Readonly<Record<number, ForgeError['reason']>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  408: 'unavailable',
  410: 'not-found',
  429: 'rate-limited',
};

function toForgeError(request: ForgeRequest, answer: ForgeAnswer): ForgeError {
  const { retryAtMs } = limitOf(answer, Date.now());
  const reason = retryAtMs === undefined ? reasonOf(answer.status) : 'rate-limited';
  const detail = messageOf(answer.data);
  return new ForgeError(reason, `${request.operation}: HTTP ${answer.status}${detail}`, retryAtMs);
}

function reasonOf(status: number): ForgeError['reason'] {
  return REASONS[status] ?? (status >= 500 ? 'unavailable' : 'invalid');
}

/** What the forge says, cut: it may repeat what we sent. */
function messageOf(data: unknown): string {
  if (typeof data !== 'object' || data === null || !('message' in data)) return '';
  return typeof data.message === 'string' ? `: ${data.message.slice(0, 200)}` : '';
}

function toUnavailable(error: unknown, { operation }: ForgeRequest): ForgeError {
  if (error instanceof ForgeError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ForgeError('unavailable', `${operation}: no answer: ${message}`);
}
