/** `GET /metrics` in Prometheus' text format. */

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { renderMetrics } from '../telemetry/render-metrics.ts';
import type { HttpContext } from './http-context.ts';

export function registerMetricsRoutes(scope: FastifyInstance, { metrics, store }: HttpContext): void {
  scope.withTypeProvider<ZodTypeProvider>().get(
    '/metrics',
    {
      config: { access: { role: 'viewer', over: 'platform' } },
      schema: {
        tags: ['service'],
        summary: "Metrics in Prometheus' text format",
        response: { 200: { description: 'Metrics', content: { 'text/plain': { schema: z.string() } } } },
      },
    },
    async (_request, reply) => {
      const text = await renderMetrics({ metrics, store });
      return reply.type(metrics.registry.contentType).send(text);
    },
  );
}
