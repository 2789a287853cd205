/** Starts a tap: a router for one session of one app, which an intercept tool hands the stolen requests to. */
import { createTapSource, type TapSourceOptions } from './create-tap-source.ts';
import { runRouter, type RunningRouter } from './run-router.ts';

export interface TapOptions extends TapSourceOptions {
  readonly bindAddress: string;
  /** 0 takes any free port. */
  readonly adminPort: number;
  /** Bearer token for evidence and counters. An empty one refuses everybody. */
  readonly adminToken: string;
  readonly drainMs?: number;
}

/**
 * Listens on the routed Service's target port. What is not the session's is refused with 404 and counted for backend `''`:
 * a tool that steals too much never reaches the pull request's pods. Rejects when the admin port cannot be opened.
 */
export async function startTap(options: TapOptions): Promise<RunningRouter> {
  return runRouter({ ...options, source: createTapSource(options) });
}
