/** `GET /api/teams`: the teams that a caller may see, by name; `POST /api/reload`: the platform anew. */

import type { Team } from '@tekton-dag/model';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { mayIn, type Caller } from '../auth/caller.ts';
import { describeProblem, type PlatformProblem } from '../platform/platform-problem.ts';
import type { PlatformSnapshot } from '../platform/platform-snapshot.ts';
import { callerOf } from './guard.ts';
import type { HttpContext } from './http-context.ts';
import { selectVisible } from './select-visible.ts';

/** Keys as in the team file. */
const teamAnswer = z
  .object({
    name: z.string(),
    namespace: z.string(),
    cluster: z.string().nullable(),
    host: z.string(),
    imageRegistry: z.string(),
    cacheRepo: z.string().nullable(),
    interceptBackend: z.string(),
    maxConcurrentRuns: z.int(),
    maxParallelBuilds: z.int(),
    weight: z.int(),
    stacks: z.array(z.string()),
    gitUrl: z.string(),
    gitRevision: z.string(),
    versionsFile: z.string(),
    baseBranches: z.array(z.string()),
    /** Names of Secrets and claims, and who has access: for administrators of the team alone. */
    registrySecret: z.string().nullable().optional(),
    sshSecret: z.string().nullable().optional(),
    buildCacheClaim: z.string().nullable().optional(),
    access: z
      .array(z.object({ role: z.string(), users: z.array(z.string()), groups: z.array(z.string()) }))
      .optional(),
  })
  .meta({ id: 'Team' });

const reloadAnswer = z
  .object({
    status: z.enum(['reloaded', 'unchanged', 'invalid']),
    teams: z.int(),
    stacks: z.int(),
    problems: z.array(
      z.object({ severity: z.enum(['error', 'warning']), code: z.string(), problem: z.string() }),
    ),
  })
  .meta({ id: 'Reload' });

export function registerTeamRoutes(scope: FastifyInstance, context: HttpContext): void {
  const routes = scope.withTypeProvider<ZodTypeProvider>();
  routes.get(
    '/api/teams',
    {
      config: { access: { role: 'viewer', over: 'team' } },
      schema: {
        tags: ['platform'],
        summary: 'Teams by name',
        response: { 200: z.record(z.string(), teamAnswer) },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { teams } = selectVisible(context.snapshot(), caller);
      return Object.fromEntries([...teams].map(([name, team]) => [name, toAnswer(team, caller)]));
    },
  );
  routes.post(
    '/api/reload',
    {
      config: { access: { role: 'admin', over: 'platform' } },
      schema: {
        tags: ['platform'],
        summary: 'Load teams and stacks anew; a file with an error stays as it was',
        response: { 200: reloadAnswer },
      },
    },
    async () => {
      const { kind, snapshot } = await context.platform.reload();
      return { status: kind === 'loaded' ? ('reloaded' as const) : kind, ...describe(snapshot) };
    },
  );
}

/** The schema leaves out what it does not name. */
function toAnswer(team: Team, caller: Caller): z.output<typeof teamAnswer> {
  const { cluster = null, cacheRepo = null, access, ...rest } = team;
  const { registrySecret = null, sshSecret = null, buildCacheClaim = null, ...open } = rest;
  const own = mayIn(caller, team.name, 'admin') ? { registrySecret, sshSecret, buildCacheClaim, access } : {};
  return teamAnswer.parse({ ...open, cluster, cacheRepo, ...own });
}

function describe({ teams, stacks, problems }: PlatformSnapshot) {
  return { teams: teams.size, stacks: stacks.size, problems: problems.map(toProblem) };
}

function toProblem(problem: PlatformProblem) {
  return { severity: problem.severity, code: problem.code, problem: describeProblem(problem) };
}
