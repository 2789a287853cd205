/**
 * The data plane: a reverse proxy that stands in front of an app's Service and routes by header.
 *
 * Objects of the API (`create-cluster-source`) become an immutable table (`table/build-route-table`), which decides
 * about each request (`proxy/plan-exchange`); `proxy/forward-exchange` moves the bytes; `evidence/` remembers what
 * tagged requests did; `admin/` shows it. `startSessionProxy` is the local proxy that tests talk to.
 */
export { startRouter, type RouterOptions } from './start-router.ts';
export { startTap, type TapOptions } from './start-tap.ts';
export { runRouter, type RunRouterOptions, type RunningRouter } from './run-router.ts';
export type { RouteSource } from './route-source.ts';
export type { RouterLog } from './router-log.ts';
export { startSessionProxy, type SessionProxy, type SessionProxyOptions } from './start-session-proxy.ts';
export { buildRouteTable, type RouteInputs } from './table/build-route-table.ts';
export { matchRoute, type RequestFacts } from './table/match-route.ts';
export type { RouteTable, RoutedService, RouteRule, RouteProblem } from './table/route-table.ts';
export type { Hop, TraceEvidence, UntaggedHop } from './evidence/hop.ts';
export type { ServiceCount, BackendCount } from './evidence/traffic-counters.ts';
