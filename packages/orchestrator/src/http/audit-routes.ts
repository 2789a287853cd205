/** `GET /api/audit`: who changed what, or tried to. */

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ALL_TEAMS, type Caller } from '../auth/caller.ts';
import { dropAbsent } from '../drop-absent.ts';
import { callerOf } from './guard.ts';
import type { HttpContext } from './http-context.ts';
import { linkNextPage, pageQuery } from './page-query.ts';
import { plainText } from './plain-text.ts';

const auditQuery = z.object({
  ...pageQuery,
  caller: plainText(300).optional(),
  action: plainText(300).optional(),
});

const auditAnswer = z
  .object({
    time: z.iso.datetime(),
    caller: z.string(),
    action: z.string().describe('Method and route.'),
    team: z.string(),
    subject: z.string(),
    outcome: z.enum(['allowed', 'refused', 'failed']),
    detail: z.string(),
  })
  .meta({ id: 'AuditEntry' });

export function registerAuditRoutes(scope: FastifyInstance, context: HttpContext): void {
  scope.withTypeProvider<ZodTypeProvider>().get(
    '/api/audit',
    {
      config: { access: { role: 'admin', over: 'team' } },
      schema: {
        tags: ['service'],
        summary: 'Who changed what, or tried to; newest first',
        querystring: auditQuery,
        response: { 200: z.array(auditAnswer) },
      },
    },
    async (request, reply) => {
      const { limit, cursor, caller, action } = request.query;
      const { items, next } = await context.store.audit.list({
        limit,
        teams: administeredTeams(callerOf(request)),
        ...dropAbsent({ after: cursor, caller, action }),
      });
      linkNextPage(request, reply, next);
      return items.map(({ timeMs, id: _id, ...entry }) => ({
        time: new Date(timeMs).toISOString(),
        ...entry,
      }));
    },
  );
}

/** Undefined means all of them. */
function administeredTeams({ access }: Caller): readonly string[] | undefined {
  if (access.get(ALL_TEAMS) === 'admin') return undefined;
  return [...access].filter(([team, role]) => team !== ALL_TEAMS && role === 'admin').map(([team]) => team);
}
