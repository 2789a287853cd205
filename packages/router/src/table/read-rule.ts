/** Turns one rule of an HTTPRoute into matches that are ready to be tried. */
import type { EndpointIndex } from './index-endpoints.ts';
import { isFieldName } from './is-field-name.ts';
import { compilePattern } from './linear-pattern.ts';
import type {
  BackendRefObject,
  HeaderModifierObject,
  HttpRouteMatchObject,
  HttpRouteObject,
  HttpRouteRuleObject,
  NamedMatchObject,
} from './parse-route-object.ts';
import type { UnrankedMatch } from './rank-matches.ts';
import type {
  Backend,
  HeaderEdits,
  PathMatch,
  RouteProblem,
  RouteRule,
  RuleAction,
  ValueMatch,
} from './route-table.ts';

export interface RuleInput {
  readonly route: HttpRouteObject;
  readonly rule: HttpRouteRuleObject;
  readonly endpoints: EndpointIndex;
  readonly problems: RouteProblem[];
}

const MATCH_EVERYTHING: HttpRouteMatchObject = {
  path: { type: 'PathPrefix', value: '/' },
  method: undefined,
  headers: [],
  queryParams: [],
};

/** A thing of a rule that the router cannot keep; the rule is then dropped or answers 500, as Gateway API asks. */
class RuleRefusal extends Error {}

/** The matches of one rule. A match that cannot be understood never matches; it is named in `problems`. */
export function readRule(input: RuleInput): UnrankedMatch[] {
  const { route, problems } = input;
  const { namespace, name, creationTimestamp } = route.metadata;
  const report = (message: string) =>
    problems.push({ kind: 'HTTPRoute', name: `${namespace}/${name}`, message });
  const rule = readAction(input, report);
  const matches = input.rule.matches.length > 0 ? input.rule.matches : [MATCH_EVERYTHING];
  return matches.flatMap((match) => {
    try {
      return [{ ...readMatch(match), rule, createdAt: creationTimestamp, routeKey: `${namespace}/${name}` }];
    } catch (error) {
      if (!(error instanceof RuleRefusal)) throw error;
      report(error.message);
      return [];
    }
  });
}

function readAction(input: RuleInput, report: (message: string) => void): RouteRule {
  const route = input.route.metadata.name;
  const { matches } = input.rule;
  const isIntercept = matches.length > 0 && matches.every((match) => match.headers.length > 0);
  return { route, isIntercept, action: tryReadAction(input, report) };
}

function tryReadAction({ route, rule, endpoints }: RuleInput, report: (message: string) => void): RuleAction {
  try {
    const backends = rule.backendRefs.map((ref) => readBackend(ref, route.metadata.namespace, endpoints));
    if (backends.every((backend) => backend.weight === 0))
      throw new RuleRefusal('the rule has no backend with a weight');
    return { kind: 'forward', backends, ...readFilters(rule) };
  } catch (error) {
    if (!(error instanceof RuleRefusal)) throw error;
    report(error.message);
    return { kind: 'refuse', reason: error.message };
  }
}

function readBackend(ref: BackendRefObject, namespace: string, endpoints: EndpointIndex): Backend {
  if (ref.kind !== 'Service' || (ref.group !== '' && ref.group !== 'core')) {
    throw new RuleRefusal(`backend kind "${ref.group}/${ref.kind}" is not supported`);
  }
  if ((ref.namespace ?? namespace) !== namespace) {
    throw new RuleRefusal(`backend ${ref.namespace}/${ref.name} is in another namespace`);
  }
  if (ref.filters.length > 0) throw new RuleRefusal('filters of a backendRef are not supported');
  return { service: ref.name, weight: ref.weight, endpoints: endpoints(namespace, ref.name, ref.port) ?? [] };
}

function readFilters(rule: HttpRouteRuleObject): {
  requestEdits: HeaderEdits[];
  responseEdits: HeaderEdits[];
} {
  const requestEdits: HeaderEdits[] = [];
  const responseEdits: HeaderEdits[] = [];
  for (const filter of rule.filters) {
    if (filter.type === 'RequestHeaderModifier') requestEdits.push(readEdits(filter.requestHeaderModifier));
    else if (filter.type === 'ResponseHeaderModifier')
      responseEdits.push(readEdits(filter.responseHeaderModifier));
    else throw new RuleRefusal(`filter type "${filter.type}" is not supported`);
  }
  return { requestEdits, responseEdits };
}

/** Headers that frame the message or belong to one connection: a filter that touched them could split messages. */
const UNTOUCHABLE = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

function readEdits(modifier: HeaderModifierObject | undefined): HeaderEdits {
  if (modifier === undefined) throw new RuleRefusal('a header modifier filter is empty');
  const names = [...modifier.set, ...modifier.add].map((edit) => edit.name).concat(modifier.remove);
  for (const name of names) {
    if (!isFieldName(name)) throw new RuleRefusal('a header modifier names no valid header');
    if (UNTOUCHABLE.has(name.toLowerCase()))
      throw new RuleRefusal(`a header modifier may not change "${name}"`);
  }
  for (const edit of [...modifier.set, ...modifier.add]) {
    if (!isFieldValue(edit.value)) throw new RuleRefusal(`the value for header "${edit.name}" is not valid`);
  }
  return { set: modifier.set, add: modifier.add, remove: modifier.remove.map((name) => name.toLowerCase()) };
}

function isFieldValue(value: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}

function readMatch(match: HttpRouteMatchObject) {
  return {
    path: readPath(match.path),
    method: match.method,
    headers: firstOfEachName(
      match.headers.map((header) => ({ ...header, name: header.name.toLowerCase() })),
    ).map(readValueMatch),
    queryParams: firstOfEachName(match.queryParams).map(readValueMatch),
  };
}

function readPath({ type, value }: HttpRouteMatchObject['path']): PathMatch {
  if (type === 'Exact') return { kind: 'exact', value };
  if (type === 'RegularExpression') return { kind: 'pattern', pattern: compile(value) };
  // Gateway API: a trailing slash is ignored, and a prefix matches whole path elements.
  return { kind: 'prefix', value: value.endsWith('/') ? value.slice(0, -1) : value };
}

function readValueMatch({ type, name, value }: NamedMatchObject): ValueMatch {
  return type === 'Exact'
    ? { kind: 'exact', name, value }
    : { kind: 'pattern', name, pattern: compile(value) };
}

function compile(source: string) {
  const pattern = compilePattern(source);
  if ('refused' in pattern) throw new RuleRefusal(`pattern ${JSON.stringify(source)}: ${pattern.refused}`);
  return pattern;
}

/** Gateway API: of several entries with the same name only the first counts. */
function firstOfEachName(matches: readonly NamedMatchObject[]): NamedMatchObject[] {
  return matches.filter((match, at) => matches.findIndex((other) => other.name === match.name) === at);
}
