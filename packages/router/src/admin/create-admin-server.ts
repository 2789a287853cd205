/** The router's own HTTP server: health, metrics, and what it knows, the latter for holders of the token. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answerProblem } from '../proxy/answer-problem.ts';
import { isBearer } from './is-bearer.ts';
import { renderRouteTable } from './render-route-table.ts';
import type { HopLog } from '../evidence/hop-log.ts';
import type { TrafficCounters } from '../evidence/traffic-counters.ts';
import type { RouteTable } from '../table/route-table.ts';
import type { RouterMetrics } from './router-metrics.ts';

export interface AdminOptions {
  /** An empty token refuses everybody. */
  readonly token: string;
  readonly table: () => RouteTable;
  readonly hopLog: HopLog;
  readonly counters: TrafficCounters;
  readonly metrics: RouterMetrics;
  readonly isReady: () => boolean;
}

/** Not listening yet. Routes: /healthz, /readyz, /metrics; with the token: /evidence/<trace id>, /counters, /routes. */
export function createAdminServer(options: AdminOptions): Server {
  return createServer({ requireHostHeader: false }, (request, response) => {
    answer(options, request, response).catch(() => answerProblem(response, 500, 'The request failed.'));
  });
}

async function answer(
  options: AdminOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return answerProblem(response, 405, 'Only GET is allowed.');
  const [path = ''] = (request.url ?? '').split('?', 1);
  switch (path) {
    case '/healthz':
      return answerText(response, 200, 'ok');
    case '/readyz':
      return options.isReady() ? answerText(response, 200, 'ok') : answerText(response, 503, 'not ready');
    case '/metrics':
      response.setHeader('content-type', options.metrics.registry.contentType);
      response.end(await options.metrics.registry.metrics());
      return;
    default:
      return answerProtected(options, { request, response, path });
  }
}

interface AdminExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
}

function answerProtected(options: AdminOptions, { request, response, path }: AdminExchange): void {
  if (!isBearer(request.headers.authorization, options.token)) {
    response.setHeader('www-authenticate', 'Bearer');
    return answerProblem(response, 401, 'A valid bearer token is required.');
  }
  if (path === '/counters') return answerJson(response, { services: options.counters.snapshot() });
  if (path === '/routes') return answerJson(response, renderRouteTable(options.table()));
  const traceId = /^\/evidence\/([0-9a-f]{32})$/.exec(path)?.[1];
  const evidence = traceId === undefined ? undefined : options.hopLog.evidence(traceId);
  if (evidence !== undefined) return answerJson(response, evidence);
  answerProblem(
    response,
    404,
    traceId === undefined ? 'There is no such page.' : 'The trace is not known here.',
  );
}

function answerJson(response: ServerResponse, body: object): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
}

function answerText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' });
  response.end(`${text}\n`);
}
