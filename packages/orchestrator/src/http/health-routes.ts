/** `GET /healthz` and `GET /readyz`, open to everybody. */

import type { FastifyInstance } from 'fastify';
import type { HttpContext } from './http-context.ts';

export function registerHealthRoutes(app: FastifyInstance, context: HttpContext): void {
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const { stacks, teams } = context.snapshot();
    const reasons = await context.unreadiness();
    const counts = { stacks_loaded: stacks.size, teams_loaded: teams.size };
    if (reasons.length === 0) return { status: 'ok', ...counts };
    return reply.code(503).send({ status: 'not-ready', ...counts, reasons });
  });
}
