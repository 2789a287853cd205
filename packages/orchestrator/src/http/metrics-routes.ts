/** `GET /metrics` in Prometheus' text format. */

import type { FastifyInstance } from 'fastify';
import type { HttpContext } from './http-context.ts';

export function registerMetricsRoutes(app: FastifyInstance, { metrics, store }: HttpContext): void {
  app.get('/metrics', async (_request, reply) => {
    metrics.waitingDeliveries.set((await store.deliveries.queueDepth()).depth);
    reply.type(metrics.registry.contentType);
    return metrics.registry.metrics();
  });
}
