/** Finds the rule for a request: the match of highest precedence that the request satisfies. */
import type { IncomingHttpHeaders } from 'node:http';
import type { PathMatch, RouteMatch, RouteRule, RoutedService, ValueMatch } from './route-table.ts';

/** The longest header value that a pattern is tried on; W3C Baggage asks for 8192 bytes. */
const MAX_PATTERN_VALUE_LENGTH = 8_192;

/** What matching looks at. */
export interface RequestFacts {
  readonly method: string;
  /** The request target in origin form, with its query. */
  readonly target: string;
  /** Names in lower case, values of repeated fields joined, as node:http gives them. */
  readonly headers: IncomingHttpHeaders;
}

/** The rule that governs `request`, or undefined when no route of the Service matches. */
export function matchRoute(service: RoutedService, request: RequestFacts): RouteRule | undefined {
  const { byHeaderValue, byHeaderName, withoutHeaders } = service.index;
  let best = firstMatch(withoutHeaders, request, undefined);
  for (const [name, byValue] of byHeaderValue) {
    const value = headerValue(request.headers, name);
    const candidates = value === undefined ? undefined : byValue.get(value);
    if (candidates !== undefined) best = firstMatch(candidates, request, best);
  }
  for (const [name, candidates] of byHeaderName) {
    if (headerValue(request.headers, name) !== undefined) best = firstMatch(candidates, request, best);
  }
  return best?.rule;
}

/** The first of `candidates` that matches and outranks `best`, else `best`. */
function firstMatch(
  candidates: readonly RouteMatch[],
  request: RequestFacts,
  best: RouteMatch | undefined,
): RouteMatch | undefined {
  for (const candidate of candidates) {
    if (best !== undefined && candidate.rank > best.rank) return best;
    if (satisfies(candidate, request)) return candidate;
  }
  return best;
}

function satisfies(match: RouteMatch, request: RequestFacts): boolean {
  return (
    (match.method === undefined || match.method === request.method) &&
    matchesPath(match.path, pathOf(request.target)) &&
    match.headers.every((header) => matchesValue(header, headerValue(request.headers, header.name))) &&
    matchesQuery(match.queryParams, request.target)
  );
}

function matchesPath(match: PathMatch, path: string): boolean {
  if (match.kind === 'pattern') return path.length <= MAX_PATTERN_VALUE_LENGTH && match.pattern.test(path);
  if (match.kind === 'exact') return path === match.value;
  return match.value === '' || path === match.value || path.startsWith(`${match.value}/`);
}

function matchesValue(match: ValueMatch, value: string | undefined): boolean {
  if (value === undefined) return false;
  if (match.kind === 'exact') return value === match.value;
  return value.length <= MAX_PATTERN_VALUE_LENGTH && match.pattern.test(value);
}

function matchesQuery(matches: readonly ValueMatch[], target: string): boolean {
  if (matches.length === 0) return true;
  const question = target.indexOf('?');
  const query = new URLSearchParams(question < 0 ? '' : target.slice(question + 1));
  return matches.every((match) => matchesValue(match, query.get(match.name) ?? undefined));
}

function pathOf(target: string): string {
  const question = target.indexOf('?');
  return question < 0 ? target : target.slice(0, question);
}

/** Own string properties only: a header called `constructor` must not find the object's. */
function headerValue(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}
