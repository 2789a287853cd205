/**
 * awaitRoutes: every router sends the session's requests to the pull request's pods, not only the one that answered the
 * step which made the routes. Each has a watch of its own; one that lags would send a request of the session to the
 * baseline, which looks as if an app had dropped the session.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Intercepts } from '@tekton-dag/model';
import { StepFailure } from '../step-failure.ts';
import type { RouterAdmin, RouterRoutes } from './router-admin.ts';

export interface RoutesWait {
  /** Those with a tap have no route, and are not waited for. */
  readonly intercepts: Intercepts;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const RETRY_INTERVAL_MS = 50;

interface MissingRoute {
  readonly router: string;
  readonly route: string;
}

const findMissing = (routed: Intercepts, routers: readonly RouterRoutes[]): MissingRoute | undefined =>
  routed.flatMap(({ namespace, route }) =>
    routers
      .filter((router) => router.namespace === namespace && !router.routes.has(`${namespace}/${route}`))
      .map(({ router }) => ({ router, route })),
  )[0];

const failureOf = ({ router, route }: MissingRoute, timeoutMs: number): StepFailure =>
  new StepFailure(`router ${router} does not send requests along route ${route} after ${timeoutMs} ms`, {
    code: 'ROUTE_UNKNOWN',
    hint: `kubectl get httproute ${route} -o yaml, the pods behind it, and the log of pod ${router}`,
  });

/** Throws ROUTE_UNKNOWN with the first router and route that are not together in time. */
export const awaitRoutes = async (
  admin: RouterAdmin,
  { intercepts, timeoutMs, signal }: RoutesWait,
): Promise<void> => {
  const routed = intercepts.filter(({ route }) => route !== '');
  if (routed.length === 0) return;
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const missing = findMissing(routed, await admin.routes());
    if (missing === undefined) return;
    if (performance.now() > deadlineMs) throw failureOf(missing, timeoutMs);
    await delay(RETRY_INTERVAL_MS, undefined, { signal });
  }
};
