/** Builds the route table from the objects of the API: the pure core of the router. */
import { indexEndpoints, type EndpointIndex } from './index-endpoints.ts';
import { indexMatches } from './index-matches.ts';
import { isFieldName } from './is-field-name.ts';
import { rankMatches, type UnrankedMatch } from './rank-matches.ts';
import { readRule } from './read-rule.ts';
import {
  parseEndpointSlice,
  parseHttpRoute,
  parseService,
  type HttpRouteObject,
  type ParsedObject,
  type ServiceObject,
} from './parse-route-object.ts';
import type { RouteProblem, RouteTable, RoutedService } from './route-table.ts';

/** Objects as the API gave them; the router checks what it reads. Services are those with the routed label. */
export interface RouteInputs {
  readonly services: readonly unknown[];
  readonly httpRoutes: readonly unknown[];
  readonly endpointSlices: readonly unknown[];
}

const DEFAULT_SESSION_HEADER = 'x-dev-session';
const DEFAULT_BAGGAGE_KEY = 'dev-session';
const SESSION_HEADER_ANNOTATION = 'tekton-dag.io/session-header';
const BAGGAGE_KEY_ANNOTATION = 'tekton-dag.io/baggage-key';

/**
 * The table that `inputs` describe. Never throws: what cannot be kept is left out and named in `problems`.
 * Routes attach to Services as in Gateway API v1 (parentRef of kind Service, GEP-1426, producer routes only).
 */
export function buildRouteTable(inputs: RouteInputs): RouteTable {
  const problems: RouteProblem[] = [];
  const services = readAll(inputs.services, parseService, 'Service', problems);
  const routes = readAll(inputs.httpRoutes, parseHttpRoute, 'HTTPRoute', problems);
  const slices = readAll(inputs.endpointSlices, parseEndpointSlice, 'EndpointSlice', problems);
  const endpoints = indexEndpoints(slices);
  const byParent = groupByParent(routes);
  const byPort = new Map<number, RoutedService>();
  for (const service of services.sort(compareAge)) {
    for (const port of service.spec.ports) addPort({ service, port, byParent, endpoints, byPort, problems });
  }
  return { byPort, problems };
}

interface PortInput {
  readonly service: ServiceObject;
  readonly port: ServiceObject['spec']['ports'][number];
  readonly byParent: ReadonlyMap<string, readonly AttachedRoute[]>;
  readonly endpoints: EndpointIndex;
  readonly byPort: Map<number, RoutedService>;
  readonly problems: RouteProblem[];
}

interface AttachedRoute {
  readonly route: HttpRouteObject;
  /** The Service port that the parentRef names; undefined: all ports. */
  readonly port: number | undefined;
}

function addPort(input: PortInput): void {
  const { service, port, byPort, problems } = input;
  const { namespace, name } = service.metadata;
  const reject = (message: string) =>
    problems.push({ kind: 'Service', name: `${namespace}/${name}`, message });
  const listenPort = port.targetPort ?? port.port;
  if (typeof listenPort !== 'number') return void reject(`targetPort "${listenPort}" is not a number`);
  const holder = byPort.get(listenPort);
  if (holder !== undefined) {
    return void reject(`targetPort ${listenPort} is taken by Service ${holder.namespace}/${holder.service}`);
  }
  byPort.set(listenPort, routePort(input, listenPort, reject));
}

function routePort(input: PortInput, port: number, reject: (message: string) => void): RoutedService {
  const { service, byParent, endpoints, problems } = input;
  const { namespace, name, annotations } = service.metadata;
  const attached = (byParent.get(`${namespace}/${name}`) ?? []).filter(
    (route) => route.port === undefined || route.port === input.port.port,
  );
  const unranked: UnrankedMatch[] = attached.flatMap(({ route }) =>
    route.spec.rules.flatMap((rule) => readRule({ route, rule, endpoints, problems })),
  );
  const matches = rankMatches(unranked);
  return {
    namespace,
    service: name,
    port,
    sessionHeader: sessionHeaderOf(annotations[SESSION_HEADER_ANNOTATION], reject),
    baggageKey: annotations[BAGGAGE_KEY_ANNOTATION] ?? DEFAULT_BAGGAGE_KEY,
    matches,
    index: indexMatches(matches),
  };
}

function sessionHeaderOf(annotation: string | undefined, reject: (message: string) => void): string {
  if (annotation === undefined) return DEFAULT_SESSION_HEADER;
  if (isFieldName(annotation)) return annotation.toLowerCase();
  reject(`annotation ${SESSION_HEADER_ANNOTATION} is not a header name`);
  return DEFAULT_SESSION_HEADER;
}

function groupByParent(routes: readonly HttpRouteObject[]): ReadonlyMap<string, readonly AttachedRoute[]> {
  const groups = new Map<string, AttachedRoute[]>();
  for (const route of routes) {
    for (const parent of route.spec.parentRefs) {
      const isService = parent.kind === 'Service' && (parent.group === '' || parent.group === 'core');
      // A route of another namespace would be a consumer route (GEP-1426): it would hold for that namespace's requests only.
      const isLocal = (parent.namespace ?? route.metadata.namespace) === route.metadata.namespace;
      if (!isService || !isLocal) continue;
      const key = `${route.metadata.namespace}/${parent.name}`;
      const group = groups.get(key) ?? [];
      group.push({ route, port: parent.port });
      groups.set(key, group);
    }
  }
  return groups;
}

function readAll<T extends { metadata: { namespace: string; name: string } }>(
  inputs: readonly unknown[],
  parse: (input: unknown) => ParsedObject<T>,
  kind: RouteProblem['kind'],
  problems: RouteProblem[],
): T[] {
  return inputs.flatMap((input) => {
    const parsed = parse(input);
    if ('object' in parsed) return [parsed.object];
    problems.push({ kind, name: nameOf(input), message: parsed.refused });
    return [];
  });
}

function nameOf(input: unknown): string {
  if (typeof input !== 'object' || input === null || !('metadata' in input)) return '';
  const { metadata } = input;
  if (typeof metadata !== 'object' || metadata === null || !('name' in metadata)) return '';
  return typeof metadata.name === 'string' ? metadata.name : '';
}

function compareAge(a: ServiceObject, b: ServiceObject): number {
  return (
    compareText(a.metadata.creationTimestamp, b.metadata.creationTimestamp) ||
    compareText(a.metadata.name, b.metadata.name)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
