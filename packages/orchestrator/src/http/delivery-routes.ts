/** `GET /api/deliveries`, `GET /api/deliveries/{host}/{id}`: what came, what was decided, and what came of it. */

import type { Delivery } from '@tekton-dag/store';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { visibleTeams } from '../auth/caller.ts';
import { dropAbsent } from '../drop-absent.ts';
import { deliveryAnswer, presentDelivery } from './delivery-answer.ts';
import { deliveryParams } from './delivery-params-schema.ts';
import { findDelivery } from './find-delivery.ts';
import { callerOf } from './guard.ts';
import type { ApiContext } from './http-context.ts';
import { linkNextPage, pageQuery } from './page-query.ts';
import { plainText } from './plain-text.ts';
import { restrictDelivery } from './restrict-delivery.ts';

const config = { access: { role: 'viewer', over: 'team' } } as const;
const name = plainText(255).optional();
const time = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .optional();

const deliveriesQuery = z.object({
  ...pageQuery,
  state: z.enum(['pending', 'claimed', 'done', 'failed', 'ignored']).optional(),
  repository: name.describe('`owner/name`; letter case does not count.'),
  event: name,
  host: name.describe("The forge's host."),
  since: time.describe('RFC 3339; received then or later.'),
  until: time.describe('RFC 3339; received before.'),
});

export function registerDeliveryRoutes(scope: FastifyInstance, context: ApiContext): void {
  const routes = scope.withTypeProvider<ZodTypeProvider>();
  routes.get(
    '/api/deliveries',
    {
      config,
      schema: {
        tags: ['deliveries'],
        summary: 'Deliveries, newest first',
        querystring: deliveriesQuery,
        response: { 200: z.array(deliveryAnswer) },
      },
    },
    async (request, reply) => {
      const { items, next } = await listDeliveries(context, request, request.query);
      linkNextPage(request, reply, next);
      return items.map((delivery) => presentDelivery(restrictDelivery(delivery, callerOf(request))));
    },
  );
  routes.get(
    '/api/deliveries/:host/:id',
    {
      config,
      schema: {
        tags: ['deliveries'],
        summary: 'One delivery',
        params: deliveryParams,
        response: { 200: deliveryAnswer },
      },
    },
    async (request) => {
      return presentDelivery(await findDelivery(context.store, callerOf(request), request.params));
    },
  );
}

async function listDeliveries(
  { store }: ApiContext,
  request: FastifyRequest,
  query: z.output<typeof deliveriesQuery>,
): Promise<{ readonly items: readonly Delivery[]; readonly next: string | undefined }> {
  const { limit, cursor, state, since, until, repository, event, host } = query;
  return store.deliveries.list({
    limit,
    teams: visibleTeams(callerOf(request)),
    ...dropAbsent({
      repository,
      event,
      host,
      after: cursor,
      states: state && [state],
      sinceMs: since,
      untilMs: until,
    }),
  });
}
