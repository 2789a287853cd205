/** `POST /api/runs/{namespace}/{name}/cancel` and `.../rerun`. */

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { describeProvenance, parseRunProvenance, present } from '@tekton-dag/model';
import type { RunKey, RunWithEvidence } from '@tekton-dag/store';
import { z } from 'zod';
import { mayIn } from '../auth/caller.ts';
import { requireRole } from '../auth/require-role.ts';
import { cancelRun, type CancelRefusal } from '../runs/cancel-run.ts';
import { RERUN_STARTS, rerunRun, type RerunStart } from '../runs/rerun-run.ts';
import { attemptOf } from './attempt-of.ts';
import { findRun } from './find-run.ts';
import { callerOf } from './guard.ts';
import type { ApiContext } from './http-context.ts';
import { ProblemError } from './problem.ts';
import { runParams } from './run-params-schema.ts';

const config = { access: { role: 'runner', over: 'team' } } as const;

/** The body may be left out. */
const rerunBody = z
  .strictObject({
    from: z
      .enum(RERUN_STARTS)
      .default('failed')
      .describe(
        '`failed`: takes over what was built and goes on with the part that failed. `start`: the same params. ' +
          '`exact`: the same commits of platform, apps, tasks and pipelines.',
      ),
  })
  .nullish();

const cancelled = z.object({
  status: z.literal('cancelling'),
  pipelinerun: z.string(),
  namespace: z.string(),
});
const again = z.object({ status: z.literal('created'), pipelinerun: z.string(), namespace: z.string() });

export function registerRunActionRoutes(scope: FastifyInstance, context: ApiContext): void {
  const routes = scope.withTypeProvider<ZodTypeProvider>();
  routes.post(
    '/api/runs/:namespace/:name/cancel',
    {
      config,
      schema: {
        tags: ['runs'],
        summary: 'Ask a run to stop; a release only by an admin',
        params: runParams,
        response: { 202: cancelled },
      },
    },
    async (request, reply) => reply.code(202).send(await cancel(context, request, request.params)),
  );
  routes.post(
    '/api/runs/:namespace/:name/rerun',
    {
      config,
      schema: {
        tags: ['runs'],
        summary: 'Run once more: from the part that failed, from the start, or with the same versions',
        params: runParams,
        body: rerunBody,
        response: { 200: again },
      },
    },
    async (request) => rerun(context, request, { ...request.params, from: request.body?.from ?? 'failed' }),
  );
}

async function cancel(
  { store, client }: ApiContext,
  request: FastifyRequest,
  key: RunKey,
): Promise<z.output<typeof cancelled>> {
  const caller = callerOf(request);
  const { team } = await findAudited(store, request, key);
  const outcome = await cancelRun(client, key, { isAdmin: mayIn(caller, team, 'admin') });
  if (!outcome.ok) throw cancelRefusal(outcome.error);
  return { status: 'cancelling', pipelinerun: key.name, namespace: key.namespace };
}

async function rerun(
  { store, client, config: { catalog } }: ApiContext,
  request: FastifyRequest,
  { from, ...key }: RunKey & { readonly from: RerunStart },
): Promise<z.output<typeof again>> {
  const row = await findAudited(store, request, key);
  const made = await rerunRun({ client, store }, key, {
    from,
    attempt: attemptOf(request),
    ...present({ catalog }),
  });
  if (made.ok) return { status: 'created', pipelinerun: made.value.name, namespace: made.value.namespace };
  const { reason, message } = made.error;
  const gone = reason === 'not-found';
  throw new ProblemError({
    status: gone ? 404 : 409,
    code: gone ? 'not-found' : 'not-continuable',
    title: 'The run cannot be repeated',
    detail: gone && from === 'exact' ? `${message}; ${describeGone(row)}` : message,
  });
}

/** Params and plan are gone with the run: what it was made of is all that can be told. */
function describeGone({ provenance }: RunWithEvidence): string {
  const parsed = parseRunProvenance(provenance);
  const text = parsed.ok ? describeProvenance(parsed.value) : '';
  return text === '' ? 'nobody knows what it was made of' : `it was made of ${text}`;
}

/** The run, when the caller may act on it; a refusal too is told to the team that it concerns. */
async function findAudited(
  store: ApiContext['store'],
  request: FastifyRequest,
  key: RunKey,
): Promise<RunWithEvidence> {
  const subject = `${key.namespace}/${key.name}`;
  request.audited = { subject };
  const run = await findRun(store, callerOf(request), key, 'viewer');
  request.audited = { team: run.team, subject };
  requireRole(callerOf(request), run.team, 'runner');
  return run;
}

const REFUSALS = {
  'not-found': { status: 404, code: 'not-found', title: 'The run is gone' },
  finished: { status: 409, code: 'run-finished', title: 'The run has ended already' },
  release: { status: 403, code: 'forbidden', title: 'A release is cancelled by admins only' },
} as const;

function cancelRefusal({ reason, message }: CancelRefusal): ProblemError {
  return new ProblemError({ ...REFUSALS[reason], detail: message });
}
