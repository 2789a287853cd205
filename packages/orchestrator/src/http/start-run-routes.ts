/** `POST /api/run` and `POST /api/bootstrap`: runs that a caller asks for. */

import type { Result } from '@tekton-dag/model';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { requireRole } from '../auth/require-role.ts';
import { cancelSession } from '../runs/cancel-session.ts';
import { createRun } from '../runs/create-run.ts';
import { renderRun } from '../runs/render-run.ts';
import { requestRun, type RunWish, type RunWishFailure } from '../runs/request-run.ts';
import type { RunRequest } from '../runs/run-request.ts';
import { attemptOf } from './attempt-of.ts';
import { callerOf } from './guard.ts';
import type { HttpContext } from './http-context.ts';
import { ProblemError } from './problem.ts';
import { bootstrapBody, runBody, type RunBody } from './run-request-body.ts';
import { selectVisible } from './select-visible.ts';

/** `apps` by comma or space, as the pipeline's param. */
const bootstrapQuery = z.object({
  apps: z.string().max(4096).default(''),
  'force-rebuild': z.enum(['true', 'false']).optional(),
});

const created = z.object({
  status: z.literal('created'),
  pipelinerun: z.string(),
  namespace: z.string(),
  mode: z.enum(['pr', 'bootstrap', 'merge']),
});

const shared = { config: { access: { role: 'runner', over: 'team' } } } as const;

export function registerStartRunRoutes(scope: FastifyInstance, context: HttpContext): void {
  const routes = scope.withTypeProvider<ZodTypeProvider>();
  const schema = { tags: ['runs'], response: { 200: created } };
  routes.post(
    '/api/run',
    { ...shared, schema: { ...schema, body: runBody, summary: 'Start a run' } },
    async (request) => startRun(context, request, toWish(request.body)),
  );
  routes.post(
    '/api/bootstrap',
    {
      ...shared,
      schema: { ...schema, body: bootstrapBody, querystring: bootstrapQuery, summary: 'Fill the baseline' },
    },
    async (request) => {
      const { body, query } = request;
      const apps = [...body.apps, ...query.apps.split(/[\s,]+/).filter((name) => name !== '')];
      const force_rebuild = body.force_rebuild || query['force-rebuild'] === 'true';
      return startRun(context, request, toWish({ ...body, mode: 'bootstrap', apps, force_rebuild }));
    },
  );
}

function toWish(body: RunBody): RunWish {
  return {
    mode: body.mode,
    team: body.team,
    stackFile: body.stack_file,
    changedApps: body.mode === 'bootstrap' ? [] : body.changed_app,
    pullRequest: body.mode === 'bootstrap' ? undefined : body.pr_number,
    apps: body.mode === 'bootstrap' ? body.apps : [],
    appRevisions: body.app_revisions,
    versionOverrides: body.version_overrides,
    forceRebuild: body.force_rebuild,
    fixed: {
      gitUrl: body.git_url,
      gitRevision: body.git_revision,
      interceptBackend: body.intercept_backend,
      imageRegistry: body.image_registry,
    },
  };
}

/** The run exists when this resolves. A test run takes the session from an older one, as a push does. */
async function startRun(
  context: HttpContext,
  request: FastifyRequest,
  wish: RunWish,
): Promise<z.output<typeof created>> {
  const caller = callerOf(request);
  const visible = selectVisible(context.snapshot(), caller);
  refuseUnseen(visible, wish);
  const asked = unwrap(requestRun(visible, wish, attemptOf(request)));
  request.audited = { team: asked.team.name, subject: `${asked.team.namespace}/${asked.name}` };
  requireRole(caller, asked.team.name, 'runner');
  await createRun(context.client, renderRun(asked, context.config));
  if (asked.mode === 'pr' && asked.session !== undefined) {
    const { session, name, team } = asked;
    await cancelSession(context.client, { namespace: team.namespace, session, except: [name] });
  }
  const { name, mode, team } = asked;
  return { status: 'created', pipelinerun: name, namespace: team.namespace, mode };
}

/** A team that the caller may not see is not there; a stack that the team's file does not list is not to be had. */
function refuseUnseen({ teams }: ReturnType<typeof selectVisible>, { team, stackFile }: RunWish): void {
  if (team !== undefined && !teams.has(team)) {
    throw new ProblemError({ status: 404, code: 'not-found', title: 'There is no such team' });
  }
  const asked = [...teams.values()].filter(({ name }) => team === undefined || team === name);
  if (stackFile !== undefined && !asked.some(({ stacks }) => stacks.includes(stackFile))) {
    throw new ProblemError({
      status: 403,
      code: 'not-allowed',
      title: 'The run cannot be made',
      detail: 'stack_file is in the file of no team that you may run for',
    });
  }
}

function unwrap(result: Result<RunRequest, RunWishFailure>): RunRequest {
  if (result.ok) return result.value;
  const { reason, message } = result.error;
  const status = reason === 'not-allowed' ? 403 : 400;
  throw new ProblemError({ status, code: reason, title: 'The run cannot be made', detail: message });
}
