/** Decides what happens to a request: which backend gets it with which headers, or which refusal the caller gets. */
import type { IncomingMessage } from 'node:http';
import { matchRoute } from '../table/match-route.ts';
import { orderEndpoints, pickBackend } from '../table/pick-backend.ts';
import type { Endpoint, RouteRule, RoutedService } from '../table/route-table.ts';
import { beginJourney, type Journey } from './begin-journey.ts';
import { editHeaders, endToEndHeaders } from './raw-headers.ts';
import type { TrafficContext } from './traffic-context.ts';

export type ExchangePlan =
  | {
      readonly kind: 'forward';
      readonly endpoints: readonly Endpoint[];
      readonly headers: readonly string[];
      readonly editAnswer: (headers: string[], endpoint: Endpoint) => string[];
      readonly onHead: (status: number, endpoint: Endpoint | undefined) => void;
    }
  | { readonly kind: 'refuse'; readonly status: number; readonly detail: string };

/** `keep`: names in lower case of connection fields that this kind of exchange has to pass on. */
export function planExchange(
  context: TrafficContext,
  request: IncomingMessage,
  keep: ReadonlySet<string>,
): ExchangePlan {
  const routed = context.table().byPort.get(request.socket.localPort ?? 0);
  if (routed === undefined)
    return { kind: 'refuse', status: 404, detail: 'No Service is routed on this port.' };
  const journey = beginJourney(context, routed, request);
  const rule = matchRoute(routed, {
    method: request.method ?? '',
    target: originFormOf(request.url ?? '/'),
    headers: request.headers,
  });
  if (rule === undefined) {
    const { namespace, service } = routed;
    context.counters.count({ namespace, service, backend: '' }, journey.isTagged);
    return refuse(context, routed, { journey, status: 404, detail: 'No route matches the request.' });
  }
  if (rule.action.kind === 'refuse') {
    return refuse(context, routed, {
      journey,
      status: 500,
      detail: `Route ${rule.route}: ${rule.action.reason}.`,
    });
  }
  return forwardTo(context, routed, { journey, rule, request, keep });
}

interface Choice {
  readonly journey: Journey;
  readonly rule: RouteRule;
  readonly request: IncomingMessage;
  readonly keep: ReadonlySet<string>;
}

function forwardTo(context: TrafficContext, routed: RoutedService, choice: Choice): ExchangePlan {
  const { journey, rule, request, keep } = choice;
  if (rule.action.kind === 'refuse') return { kind: 'refuse', status: 500, detail: rule.action.reason };
  const { requestEdits, responseEdits } = rule.action;
  const backend = pickBackend(rule.action.backends, context.random);
  if (backend === undefined || backend.endpoints.length === 0) {
    const detail = `Service ${backend?.service ?? ''} has no ready endpoint.`;
    return refuse(context, routed, { journey, status: 503, detail, backend: backend?.service });
  }
  const { service } = backend;
  const { isTagged } = journey;
  const observe = context.metrics.begin({
    routed,
    isTagged,
    backend: rule.isIntercept ? 'intercept' : service,
  });
  context.counters.count(
    { namespace: routed.namespace, service: routed.service, backend: service },
    isTagged,
  );
  return {
    kind: 'forward',
    endpoints: orderEndpoints(backend.endpoints, context.random),
    headers: completeHeaders(
      request,
      journey.tagRequest(editHeaders(endToEndHeaders(request.rawHeaders, keep), requestEdits)),
      routed,
    ),
    editAnswer: (headers, endpoint) =>
      journey.tagAnswer(editHeaders(headers, responseEdits), service, endpoint),
    onHead: (status, endpoint) => {
      observe(status);
      journey.finish(status, { backend: service, pod: endpoint?.pod });
    },
  };
}

interface Refusal {
  readonly journey: Journey;
  readonly status: number;
  readonly detail: string;
  readonly backend?: string | undefined;
}

function refuse(context: TrafficContext, routed: RoutedService, refusal: Refusal): ExchangePlan {
  const { journey, status, detail, backend } = refusal;
  context.metrics.begin({ routed, isTagged: journey.isTagged, backend: '' })(status);
  journey.finish(status, { backend, pod: undefined });
  return { kind: 'refuse', status, detail };
}

/** HTTP/1.1 needs a Host, which an HTTP/1.0 caller may leave out. */
function completeHeaders(request: IncomingMessage, headers: string[], routed: RoutedService): string[] {
  return request.headers.host === undefined
    ? ['Host', `${routed.service}.${routed.namespace}`, ...headers]
    : headers;
}

/** A target in absolute form (RFC 9112, section 3.2.2) is matched by its path, and passed on as it is. */
function originFormOf(target: string): string {
  const found = /^https?:\/\/[^/?#]*(.*)$/i.exec(target);
  if (found === null) return target;
  const [, rest = ''] = found;
  return rest.startsWith('/') ? rest : `/${rest}`;
}
