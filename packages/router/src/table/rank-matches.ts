/** Puts the matches of all routes of one Service in the order of precedence of Gateway API (HTTPRouteRule). */
import type { PathMatch, RouteMatch } from './route-table.ts';

export interface UnrankedMatch extends Omit<RouteMatch, 'rank'> {
  /** RFC 3339, as in metadata.creationTimestamp. */
  readonly createdAt: string;
  /** namespace/name of the HTTPRoute. */
  readonly routeKey: string;
}

/** Sorted matches with their ranks. Equal matches of one route keep the order in which the route lists them. */
export function rankMatches(matches: readonly UnrankedMatch[]): RouteMatch[] {
  return [...matches].sort(comparePrecedence).map(({ path, method, headers, queryParams, rule }, rank) => ({
    path,
    method,
    headers,
    queryParams,
    rule,
    rank,
  }));
}

function comparePrecedence(a: UnrankedMatch, b: UnrankedMatch): number {
  return (
    PATH_CLASS[a.path.kind] - PATH_CLASS[b.path.kind] ||
    pathLength(b.path) - pathLength(a.path) ||
    Number(b.method !== undefined) - Number(a.method !== undefined) ||
    b.headers.length - a.headers.length ||
    b.queryParams.length - a.queryParams.length ||
    compareText(a.createdAt, b.createdAt) ||
    compareText(a.routeKey, b.routeKey)
  );
}

/** Exact before pattern before prefix; Gateway API leaves the place of patterns to the implementation. */
const PATH_CLASS = { exact: 0, pattern: 1, prefix: 2 } as const;

function pathLength(path: PathMatch): number {
  return path.kind === 'pattern' ? path.pattern.source.length : path.value.length;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
