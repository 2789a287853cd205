/** `POST /api/deliveries/{host}/{id}/replay`: takes a delivery through the code once more. */

import type { DeliveryKey } from '@tekton-dag/store';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { mayEverywhere, mayIn } from '../auth/caller.ts';
import { NO_RUN_REASONS } from '../deliveries/decision.ts';
import { replayDelivery, type Replay, type ReplayFailure } from '../deliveries/replay-delivery.ts';
import { deliveryParams } from './delivery-params-schema.ts';
import { findDelivery } from './find-delivery.ts';
import { callerOf } from './guard.ts';
import type { ApiContext } from './http-context.ts';
import { ProblemError } from './problem.ts';

/** The body may be left out. */
const replayBody = z
  .strictObject({
    force: z
      .boolean()
      .default(false)
      .describe('Make runs again that exist already, under new names; needs the role admin.'),
  })
  .nullish();

const replayAnswer = z.object({
  status: z.enum(['accepted', 'ignored', 'duplicate']),
  host: z.string(),
  delivery: z.string().describe('Id of the new delivery.'),
  reason: z.enum(NO_RUN_REASONS).nullable(),
  runs: z.array(z.string()).describe('A run of this name that exists already is not made again.'),
});

export function registerReplayRoutes(scope: FastifyInstance, context: ApiContext): void {
  scope.withTypeProvider<ZodTypeProvider>().post(
    '/api/deliveries/:host/:id/replay',
    {
      config: { access: { role: 'runner', over: 'team' } },
      schema: {
        tags: ['deliveries'],
        summary: 'Once more, with the teams and stacks of now; needs the role in every team that it concerns',
        params: deliveryParams,
        body: replayBody,
        response: { 200: replayAnswer },
      },
    },
    async (request) => replay(context, request, { key: request.params, force: request.body?.force ?? false }),
  );
}

async function replay(
  context: ApiContext,
  request: FastifyRequest,
  { key, force }: { readonly key: DeliveryKey; readonly force: boolean },
): Promise<z.output<typeof replayAnswer>> {
  request.audited = { subject: `${key.host}/${key.id}` };
  const seen = await findDelivery(context.store, callerOf(request), key);
  request.audited = {
    subject: `${key.host}/${key.id}`,
    team: seen.teams.length === 1 ? seen.teams.join('') : '',
  };
  await requireConcerned(context, request, { key, role: force ? 'admin' : 'runner' });
  const replayed = await replayDelivery(context, key, { force, nowMs: Date.now() });
  if (!replayed.ok) throw refusal(replayed.error);
  if (replayed.value.acceptance.fresh) context.wakeDispatcher();
  return present(replayed.value);
}

/** Those that it concerned when it came, and those that its repository feeds now. */
async function requireConcerned(
  { store, snapshot }: ApiContext,
  request: FastifyRequest,
  { key, role }: { readonly key: DeliveryKey; readonly role: 'runner' | 'admin' },
): Promise<void> {
  const caller = callerOf(request);
  const delivery = await store.deliveries.get(key);
  const fed = snapshot().routes.find(key.host, delivery?.repository ?? '');
  const teams = [...(delivery?.teams ?? []), ...fed.map(({ team }) => team.name)];
  if (mayEverywhere(caller, role) || teams.every((team) => mayIn(caller, team, role))) return;
  throw new ProblemError({
    status: 403,
    code: 'forbidden',
    title: 'You may not do this',
    detail: `it needs the role ${role} in every team that the delivery concerns`,
  });
}

function present({ key, acceptance }: Replay): z.output<typeof replayAnswer> {
  const { decision, status } = acceptance;
  const runs =
    decision.kind === 'test' || decision.kind === 'release'
      ? decision.targets.map(({ runName }) => runName)
      : [];
  const reason = decision.kind === 'ignored' ? decision.reason : null;
  return { status, host: key.host, delivery: key.id, reason, runs };
}

function refusal({ reason, message }: ReplayFailure): ProblemError {
  const gone = reason === 'not-found';
  return new ProblemError({
    status: gone ? 404 : 409,
    code: gone ? 'not-found' : 'not-replayable',
    title: 'The delivery cannot be replayed',
    detail: message,
  });
}
