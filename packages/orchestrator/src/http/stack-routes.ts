/** `GET /api/stacks`: what is loaded. */

import type { FastifyInstance } from 'fastify';
import type { HttpContext } from './http-context.ts';

export function registerStackRoutes(app: FastifyInstance, context: HttpContext): void {
  app.get('/api/stacks', async () => {
    const { stacks, teams } = context.snapshot();
    return [...stacks].map(([file, stack]) => ({
      stack_file: file,
      name: stack.name,
      description: stack.description ?? null,
      apps: stack.apps.map(({ name, repo, role }) => ({ name, repo, role })),
      teams: [...teams.values()].filter((team) => team.stacks.includes(file)).map(({ name }) => name),
    }));
  });
}
