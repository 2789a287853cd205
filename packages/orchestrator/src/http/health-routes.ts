/** `GET /healthz` and `GET /readyz`, open to everybody. */

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { HttpContext } from './http-context.ts';

const readiness = z.object({
  status: z.enum(['ok', 'not-ready']),
  stacks_loaded: z.int(),
  teams_loaded: z.int(),
  reasons: z.array(z.string()).optional(),
});

export function registerHealthRoutes(scope: FastifyInstance, context: HttpContext): void {
  const routes = scope.withTypeProvider<ZodTypeProvider>();
  const schema = { tags: ['service'], security: [] };
  routes.get(
    '/healthz',
    { schema: { ...schema, summary: 'Liveness', response: { 200: z.object({ status: z.literal('ok') }) } } },
    async () => ({ status: 'ok' as const }),
  );
  routes.get(
    '/readyz',
    { schema: { ...schema, summary: 'Readiness', response: { 200: readiness, 503: readiness } } },
    async (_request, reply) => {
      const { stacks, teams } = context.snapshot();
      const reasons = await context.unreadiness();
      const counts = { stacks_loaded: stacks.size, teams_loaded: teams.size };
      if (reasons.length === 0) return { status: 'ok' as const, ...counts };
      return reply.code(503).send({ status: 'not-ready', ...counts, reasons: [...reasons] });
    },
  );
}
