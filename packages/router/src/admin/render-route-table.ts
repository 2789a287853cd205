/** Shows the route table as people and programs may read it at `/routes`. */
import type { PathMatch, RouteMatch, RouteProblem, RouteTable, ValueMatch } from '../table/route-table.ts';

export interface RouteTableView {
  /** In order of port. */
  readonly services: readonly {
    readonly namespace: string;
    readonly service: string;
    readonly port: number;
    readonly sessionHeader: string;
    readonly baggageKey: string;
    /** In order of precedence. */
    readonly rules: readonly object[];
  }[];
  readonly problems: readonly RouteProblem[];
}

export function renderRouteTable(table: RouteTable): RouteTableView {
  return {
    services: [...table.byPort.values()]
      .sort((a, b) => a.port - b.port)
      .map(({ namespace, service, port, sessionHeader, baggageKey, matches }) => ({
        namespace,
        service,
        port,
        sessionHeader,
        baggageKey,
        rules: matches.map(renderMatch),
      })),
    problems: table.problems,
  };
}

function renderMatch({ path, method, headers, queryParams, rule }: RouteMatch): object {
  const { route, isIntercept, action } = rule;
  return {
    route,
    isIntercept,
    path: renderPath(path),
    method,
    headers: headers.map(renderValueMatch),
    queryParams: queryParams.map(renderValueMatch),
    ...(action.kind === 'forward' ? { backends: action.backends } : { refused: action.reason }),
  };
}

function renderPath(path: PathMatch): object {
  if (path.kind === 'pattern') return { type: 'RegularExpression', value: path.pattern.source };
  if (path.kind === 'exact') return { type: 'Exact', value: path.value };
  return { type: 'PathPrefix', value: path.value === '' ? '/' : path.value };
}

function renderValueMatch(match: ValueMatch): object {
  return match.kind === 'exact'
    ? { type: 'Exact', name: match.name, value: match.value }
    : { type: 'RegularExpression', name: match.name, value: match.pattern.source };
}
