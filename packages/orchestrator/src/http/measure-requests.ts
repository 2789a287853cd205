/** measureRequests: how long answers take, by method, route and status. */

import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../metrics.ts';

/** The route is the pattern, never the path: a caller can invent paths. Streams last as long as the client likes. */
export function measureRequests(
  scope: FastifyInstance,
  { requestSeconds }: Pick<Metrics, 'requestSeconds'>,
): void {
  scope.addHook('onResponse', async (request, reply) => {
    const type = reply.getHeader('content-type');
    if (typeof type === 'string' && type.startsWith('text/event-stream')) return;
    const route = request.routeOptions.url ?? 'none';
    const method = route === 'none' ? 'any' : request.method;
    requestSeconds.observe({ method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
  });
}
