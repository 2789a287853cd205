/** `GET /healthz` and `GET /readyz`, open to everybody. */

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { namePlaceOfProblem, type PlatformProblem } from '../platform/platform-problem.ts';
import type { HttpContext } from './http-context.ts';

const readiness = z.object({
  status: z.enum(['ok', 'not-ready']),
  stacks_loaded: z.int(),
  teams_loaded: z.int(),
  reasons: z.array(z.string()).optional(),
  /** Where files of the platform have errors: `file:line:column: code`. What they say is for those who may see it. */
  problems: z.array(z.string()).optional(),
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
      const { stacks, teams, problems } = context.snapshot();
      const reasons = await context.unreadiness();
      const counts = { stacks_loaded: stacks.size, teams_loaded: teams.size, ...describeErrors(problems) };
      if (reasons.length === 0) return { status: 'ok' as const, ...counts };
      return reply.code(503).send({ status: 'not-ready', ...counts, reasons: [...reasons] });
    },
  );
}

function describeErrors(problems: readonly PlatformProblem[]): { readonly problems?: string[] } {
  const errors = problems.filter(({ severity }) => severity === 'error');
  return errors.length === 0 ? {} : { problems: errors.map(namePlaceOfProblem) };
}
