/** `GET /api/runs`, `POST /api/run`, `POST /api/bootstrap`. */

import type { Result } from '@tekton-dag/model';
import type { RunRow } from '@tekton-dag/store';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { cancelSession } from '../runs/cancel-session.ts';
import { createRun } from '../runs/create-run.ts';
import { renderRun } from '../runs/render-run.ts';
import { requestRun, type RunWish, type RunWishFailure } from '../runs/request-run.ts';
import type { RunRequest } from '../runs/run-request.ts';
import type { HttpContext } from './http-context.ts';
import { ProblemError } from './problem.ts';
import { bootstrapBody, runBody, type RunBody } from './run-request-body.ts';

const runsQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(20),
  team: z.string().min(1).max(63).optional(),
});

/** `apps` by comma or space, as the pipeline's param. */
const bootstrapQuery = z.object({
  apps: z.string().max(4096).default(''),
  'force-rebuild': z.enum(['true', 'false']).optional(),
});

export function registerRunRoutes(app: FastifyInstance, context: HttpContext): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get('/api/runs', { schema: { querystring: runsQuery } }, async ({ query: { limit, team } }) => {
    const runs = await context.store.runs.list(team === undefined ? { limit } : { limit, team });
    return runs.map(presentRun);
  });
  routes.post('/api/run', { schema: { body: runBody } }, async ({ body }) => startRun(context, toWish(body)));
  routes.post(
    '/api/bootstrap',
    { schema: { body: bootstrapBody, querystring: bootstrapQuery } },
    async ({ body, query }) => {
      const apps = [...body.apps, ...query.apps.split(/[\s,]+/).filter((name) => name !== '')];
      const force_rebuild = body.force_rebuild || query['force-rebuild'] === 'true';
      return startRun(context, toWish({ ...body, mode: 'bootstrap', apps, force_rebuild }));
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
async function startRun(context: HttpContext, wish: RunWish): Promise<object> {
  const request = unwrap(requestRun(context.snapshot(), wish, Date.now()));
  await createRun(context.client, renderRun(request, context.config));
  if (request.mode === 'pr' && request.session !== undefined) {
    const { session, name, team } = request;
    await cancelSession(context.client, { namespace: team.namespace, session, except: [name] });
  }
  const { name, mode, team } = request;
  return { status: 'created', pipelinerun: name, namespace: team.namespace, mode };
}

function unwrap(result: Result<RunRequest, RunWishFailure>): RunRequest {
  if (result.ok) return result.value;
  const { reason, message } = result.error;
  const status = reason === 'not-allowed' ? 403 : 400;
  throw new ProblemError({ status, code: reason, title: 'The run cannot be made', detail: message });
}

function presentRun(run: RunRow): object {
  return {
    name: run.name,
    namespace: run.namespace,
    pipeline: run.pipeline,
    mode: run.mode,
    team: run.team,
    stack: run.stack,
    app: run.app,
    repository: run.repository,
    pull_request: run.pullRequest ?? null,
    sha: run.sha,
    state: run.state,
    status: run.reason === '' ? 'Unknown' : run.reason,
    created: presentTime(run.createdAtMs),
    started: presentTime(run.startedAtMs),
    finished: presentTime(run.finishedAtMs),
  };
}

function presentTime(timeMs: number | undefined): string | null {
  return timeMs === undefined ? null : new Date(timeMs).toISOString();
}
