/** `GET /api/stacks`: what is loaded. */

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { callerOf } from './guard.ts';
import type { HttpContext } from './http-context.ts';
import { selectVisible } from './select-visible.ts';

const stackAnswer = z
  .object({
    stack_file: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    apps: z.array(z.object({ name: z.string(), repo: z.string(), role: z.string() })),
    teams: z.array(z.string()),
  })
  .meta({ id: 'Stack' });

export function registerStackRoutes(scope: FastifyInstance, context: HttpContext): void {
  scope.withTypeProvider<ZodTypeProvider>().get(
    '/api/stacks',
    {
      config: { access: { role: 'viewer', over: 'team' } },
      schema: {
        tags: ['platform'],
        summary: 'Stacks with their apps',
        response: { 200: z.array(stackAnswer) },
      },
    },
    async (request) => {
      const { stacks, teams } = selectVisible(context.snapshot(), callerOf(request));
      return [...stacks].map(([file, stack]) => ({
        stack_file: file,
        name: stack.name,
        description: stack.description ?? null,
        apps: stack.apps.map(({ name, repo, role }) => ({ name, repo, role })),
        teams: [...teams.values()].filter((team) => team.stacks.includes(file)).map(({ name }) => name),
      }));
    },
  );
}
