/** `POST /api/graph/ingest`, `GET /api/graph/stats`, `GET /api/test-plan`: which tests a change calls for. */

import type { TestPlanScope, TestPlanStats } from '@tekton-dag/store';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { requireRole } from '../auth/require-role.ts';
import { planTests } from '../test-plan/plan-tests.ts';
import { readTraces } from '../test-plan/read-traces.ts';
import { resolveScope, scopesOf, type ScopeQuery } from '../test-plan/resolve-scope.ts';
import { traceBody } from '../test-plan/trace-body.ts';
import { callerOf } from './guard.ts';
import type { HttpContext } from './http-context.ts';
import { ProblemError } from './problem.ts';
import { selectVisible } from './select-visible.ts';

/** Traces are larger than what the rest of the API takes. */
const INGEST_BODY_LIMIT_BYTES = 8 * 1024 * 1024;
const MAX_RADIUS = 64;

const scopeFields = {
  team: z.string().min(1).max(63).optional(),
  stack_file: z.string().min(1).max(255).optional(),
};

const ingestBody = z.strictObject(
  {
    ...scopeFields,
    traces: traceBody,
    replace: z.boolean().default(false).describe('Forget what was known before; needs the role admin'),
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys' && issue.keys?.includes('fixture_file')
        ? 'fixture_file is not offered: the service reads no files for its callers; send the traces'
        : undefined,
  },
);

const planQuery = z.object({
  ...scopeFields,
  app: z.string().min(1).max(253),
  radius: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_RADIUS)
    .default(1)
    .describe('1: tests that touch the app; N: also what is up to N - 1 calls away'),
});

const scopeAnswer = { team: z.string(), stack: z.string() };
const ingestAnswer = z.object({ status: z.literal('ingested'), traces: z.int(), ...scopeAnswer });
const statsAnswer = z.object({
  services: z.int(),
  tests: z.int(),
  touches_edges: z.int(),
  calls_edges: z.int(),
});
const planAnswer = z
  .object({
    tests: z.array(z.object({ id: z.string(), type: z.string() })),
    services: z.array(z.string()),
    unmapped_area: z.string(),
    run_all: z.boolean().describe('Nothing is known of the app: run all tests'),
    message: z.string(),
    ...scopeAnswer,
  })
  .meta({ id: 'TestPlan' });

export function registerTestPlanRoutes(scope: FastifyInstance, context: HttpContext): void {
  const routes = scope.withTypeProvider<ZodTypeProvider>();
  registerIngest(scope, context);
  routes.get(
    '/api/graph/stats',
    {
      config: { access: { role: 'viewer', over: 'team' } },
      schema: {
        tags: ['test plan'],
        summary: 'Size of the graphs that the caller may see',
        querystring: z.object(scopeFields),
        response: { 200: statsAnswer },
      },
    },
    async (request) => {
      const { team, stack_file: stackFile } = request.query;
      const visible = selectVisible(context.snapshot(), callerOf(request));
      return sumStats(context, scopesOf(visible, { team, stackFile }));
    },
  );
  routes.get(
    '/api/test-plan',
    {
      config: { access: { role: 'viewer', over: 'team' } },
      schema: {
        tags: ['test plan'],
        summary: 'The tests that a change of an app calls for',
        querystring: planQuery,
        response: { 200: planAnswer },
      },
    },
    async (request) => {
      const { app, radius, team, stack_file: stackFile } = request.query;
      const graphScope = requireScope(context, request, { team, stackFile, services: [app] });
      const plan = planTests(await context.store.testPlan.load(graphScope), { app, radius });
      const { tests, services, unmappedArea: unmapped_area, runAll: run_all, message } = plan;
      return { tests: [...tests], services: [...services], unmapped_area, run_all, message, ...graphScope };
    },
  );
}

function registerIngest(scope: FastifyInstance, context: HttpContext): void {
  scope.withTypeProvider<ZodTypeProvider>().post(
    '/api/graph/ingest',
    {
      bodyLimit: INGEST_BODY_LIMIT_BYTES,
      config: { access: { role: 'runner', over: 'team' } },
      schema: {
        tags: ['test plan'],
        summary: 'Add what traces of tests show',
        body: ingestBody,
        response: { 200: ingestAnswer },
      },
    },
    async (request) => {
      const { traces, replace, team, stack_file: stackFile } = request.body;
      const shown = readTraces(traces);
      const services = [...new Set(shown.touches.map(({ service }) => service))];
      const graphScope = requireScope(context, request, { team, stackFile, services });
      request.audited = { team: graphScope.team, subject: graphScope.stack };
      requireRole(callerOf(request), graphScope.team, replace ? 'admin' : 'runner');
      await context.store.testPlan.ingest(graphScope, shown, { nowMs: Date.now(), replace });
      return { status: 'ingested' as const, traces: traces.length, ...graphScope };
    },
  );
}

/** What the caller may not see is not there. */
function requireScope(context: HttpContext, request: FastifyRequest, query: ScopeQuery): TestPlanScope {
  const found = resolveScope(selectVisible(context.snapshot(), callerOf(request)), query);
  if (found.ok) return found.value;
  const { reason, message } = found.error;
  const status = reason === 'not-found' ? 404 : 400;
  throw new ProblemError({ status, code: reason, title: 'No graph is meant', detail: message });
}

async function sumStats(
  { store }: HttpContext,
  scopes: readonly TestPlanScope[],
): Promise<z.output<typeof statsAnswer>> {
  const total = { services: 0, tests: 0, touches_edges: 0, calls_edges: 0 };
  for (const { team, stack } of scopes) {
    const { services, tests, touches, calls }: TestPlanStats = await store.testPlan.stats({ team, stack });
    total.services += services;
    total.tests += tests;
    total.touches_edges += touches;
    total.calls_edges += calls;
  }
  return total;
}
