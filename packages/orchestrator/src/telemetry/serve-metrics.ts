/** serveMetrics: `GET /metrics` on a port of its own, without a token: for a network that only the scraper reaches. */

import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Parts } from '../start/parts.ts';
import { renderMetrics } from './render-metrics.ts';

const TIMEOUT_MS = 10_000;
const MAX_CONNECTIONS = 50;

export interface MetricsServer extends AsyncDisposable {
  readonly port: number;
}

/** 0 takes a free port. Rejects when the port is taken. */
export async function serveMetrics(
  parts: Pick<Parts, 'config' | 'metrics' | 'store' | 'log'>,
  port: number,
): Promise<MetricsServer> {
  const server = createServer(
    { requestTimeout: TIMEOUT_MS, headersTimeout: TIMEOUT_MS },
    (request, response) => {
      const path = request.url?.split('?')[0];
      if (request.method === 'GET' && path === '/metrics') void answer(parts, response);
      else response.writeHead(404).end();
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  await listen(server, { port, host: parts.config.listenHost });
  const bound = portOf(server.address());
  parts.log.info({ port: bound }, 'metrics are served without a token');
  return {
    port: bound,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

async function answer(
  { metrics, store, log }: Pick<Parts, 'metrics' | 'store' | 'log'>,
  response: ServerResponse,
): Promise<void> {
  try {
    const text = await renderMetrics({ metrics, store });
    response.writeHead(200, { 'content-type': metrics.registry.contentType }).end(text);
  } catch (error) {
    log.error({ err: error }, 'metrics cannot be told');
    response.writeHead(500).end();
  }
}

function listen(server: Server, where: { readonly port: number; readonly host: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => resolve());
  });
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
