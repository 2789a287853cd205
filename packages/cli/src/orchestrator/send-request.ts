/** sendRequest: one request to an orchestrator, with a time limit and a clear word when nobody answers. */

import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';

const TIMEOUT_MS = 30_000;

/** Follows no redirect: it could lead a token or a signature elsewhere. */
export async function sendRequest(host: CliHost, url: URL, init: RequestInit): Promise<Response> {
  const signal = AbortSignal.any([host.signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    return await fetch(url, { ...init, signal, redirect: 'manual' });
  } catch (error) {
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new CliFailure(
      EXIT.unreachable,
      `${url.origin} cannot be reached: ${cause}`,
      'does the orchestrator run?',
    );
  }
}
