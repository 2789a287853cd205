/** Groups matches by the header they ask for, so that the cost of a request does not grow with the number of sessions. */
import type { MatchIndex, RouteMatch } from './route-table.ts';

/** `matches` must be in order of rank; each list of the index then is too. */
export function indexMatches(matches: readonly RouteMatch[]): MatchIndex {
  const byHeaderValue = new Map<string, Map<string, RouteMatch[]>>();
  const byHeaderName = new Map<string, RouteMatch[]>();
  const withoutHeaders: RouteMatch[] = [];
  for (const match of matches) {
    const exact = match.headers.find((header) => header.kind === 'exact');
    const [first] = match.headers;
    if (exact !== undefined) append(submap(byHeaderValue, exact.name), exact.value, match);
    else if (first !== undefined) append(byHeaderName, first.name, match);
    else withoutHeaders.push(match);
  }
  return { byHeaderValue, byHeaderName, withoutHeaders };
}

function submap(maps: Map<string, Map<string, RouteMatch[]>>, key: string): Map<string, RouteMatch[]> {
  const known = maps.get(key) ?? new Map<string, RouteMatch[]>();
  maps.set(key, known);
  return known;
}

function append(lists: Map<string, RouteMatch[]>, key: string, match: RouteMatch): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [match]);
  else list.push(match);
}
