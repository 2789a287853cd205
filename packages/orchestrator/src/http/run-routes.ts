/** `GET /api/runs` and `GET /api/runs/{namespace}/{name}`: the history of runs. */

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { visibleTeams } from '../auth/caller.ts';
import { dropAbsent } from '../drop-absent.ts';
import { findRun } from './find-run.ts';
import { callerOf } from './guard.ts';
import type { HttpContext } from './http-context.ts';
import { linkNextPage, pageQuery } from './page-query.ts';
import { plainText } from './plain-text.ts';
import { presentRun, presentRunDetail, RUN_STATES, runAnswer, runDetail } from './run-answer.ts';
import { runParams } from './run-params-schema.ts';

const name = plainText(255).optional();

const runsQuery = z.object({
  ...pageQuery,
  team: name,
  stack: name,
  app: name.describe('Runs for this app, alone or with others.'),
  repository: name.describe('`owner/name`; letter case does not count.'),
  pull_request: z.coerce.number().int().positive().max(2_147_483_647).optional(),
  state: z.enum(RUN_STATES).optional(),
  mode: z.enum(['pr', 'bootstrap', 'merge', 'continue', 'verify']).optional(),
});

const config = { access: { role: 'viewer', over: 'team' } } as const;

export function registerRunRoutes(scope: FastifyInstance, context: HttpContext): void {
  const routes = scope.withTypeProvider<ZodTypeProvider>();
  routes.get(
    '/api/runs',
    {
      config,
      schema: {
        tags: ['runs'],
        summary: 'Runs, newest first',
        querystring: runsQuery,
        response: { 200: z.array(runAnswer) },
      },
    },
    async (request, reply) => {
      const { limit, cursor, pull_request: pullRequest, state, ...filters } = request.query;
      const { items, next } = await context.store.runs.list({
        limit,
        teams: visibleTeams(callerOf(request)),
        ...dropAbsent({ ...filters, after: cursor, pullRequest, states: state && [state] }),
      });
      linkNextPage(request, reply, next);
      return items.map(presentRun);
    },
  );
  routes.get(
    '/api/runs/:namespace/:name',
    {
      config,
      schema: {
        tags: ['runs'],
        summary: 'One run with its evidence',
        params: runParams,
        response: { 200: runDetail },
      },
    },
    async (request) =>
      presentRunDetail(await findRun(context.store, callerOf(request), request.params, 'viewer')),
  );
}
