/** `GET /api/deliveries/{host}/{id}/explain`: why it made runs, or none. */

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { NO_RUN_REASONS } from '../deliveries/decision.ts';
import { explainDelivery } from '../deliveries/explain-delivery.ts';
import { deliveryParams } from './delivery-params-schema.ts';
import { findDelivery } from './find-delivery.ts';
import { callerOf } from './guard.ts';
import type { ApiContext } from './http-context.ts';
import { selectVisible } from './select-visible.ts';

const explanationAnswer = z
  .object({
    summary: z.string(),
    reason: z.enum(NO_RUN_REASONS).nullable(),
    apps: z.array(
      z.object({
        team: z.string(),
        stack: z.string(),
        app: z.string(),
        run: z.string().nullable(),
        why: z.string(),
      }),
    ),
  })
  .meta({ id: 'Explanation' });

export function registerExplainRoutes(scope: FastifyInstance, context: ApiContext): void {
  scope.withTypeProvider<ZodTypeProvider>().get(
    '/api/deliveries/:host/:id/explain',
    {
      config: { access: { role: 'viewer', over: 'team' } },
      schema: {
        tags: ['deliveries'],
        summary: 'Why it made runs or none, for every app that it could have been about',
        params: deliveryParams,
        response: { 200: explanationAnswer },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const delivery = await findDelivery(context.store, caller, request.params);
      const {
        summary,
        reason = null,
        apps,
      } = explainDelivery(delivery, selectVisible(context.snapshot(), caller));
      return { summary, reason, apps: apps.map(({ run = null, ...app }) => ({ ...app, run })) };
    },
  );
}
