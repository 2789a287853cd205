/** startFakeGitea: Gitea's REST API on loopback, as far as we call it, over a world that tests can change. */

import { startFakeHttp, type FakeRoute } from './fake-http.ts';
import { ForgeWorld } from './forge-world.ts';
import { FAKE_FORGE_TOKEN, type FakeForge, type FakeForgeOptions } from './start-fake-github.ts';
import { statusRoutes } from './status-routes.ts';
import { nameOf, textOf, worldRoutes } from './world-routes.ts';

const BASE = '/api/v1';
export async function startFakeGitea(
  options: Pick<FakeForgeOptions, 'host' | 'self'> = {},
): Promise<FakeForge> {
  const { host = 'git.example.com', self = 'tekton-dag' } = options;
  const world = new ForgeWorld();
  const routes = [
    ...worldRoutes(world, { base: BASE, self, htmlUrl: `https://${host}` }),
    ...giteaRoutes(world, self),
    ...statusRoutes(world, BASE),
  ];
  const http = await startFakeHttp(routes.map(guarded), (_request, answer) => answer);
  return {
    ...http,
    world,
    token: FAKE_FORGE_TOKEN,
    entry: { host, kind: 'gitea', apiUrl: `${http.url}${BASE}` },
  };
}

function giteaRoutes(world: ForgeWorld, self: string): readonly FakeRoute[] {
  const repo = `${BASE}/repos/:owner/:name`;
  return [
    { method: 'GET', pattern: `${BASE}/user`, handle: () => ({ status: 200, body: { login: self } }) },
    {
      method: 'GET',
      pattern: `${repo}/collaborators/:login/permission`,
      handle: (request) => {
        const key = `${nameOf(request)} ${request.params['login'] ?? ''}`.toLowerCase();
        const permission = world.permissions.get(key) ?? 'none';
        return { status: 200, body: { permission, role_name: permission } };
      },
    },
    {
      method: 'POST',
      pattern: `${repo}/issues/comments/:id/reactions`,
      handle: (request) => {
        const content = textOf(request, 'content') === '+1' ? '+1' : 'eyes';
        world.reactions.push({
          repository: nameOf(request),
          commentId: Number(request.params['id']),
          content,
        });
        return { status: 201, body: { content } };
      },
    },
  ];
}

function guarded(route: FakeRoute): FakeRoute {
  return {
    ...route,
    handle: (request) =>
      request.headers.authorization === `token ${FAKE_FORGE_TOKEN}`
        ? route.handle(request)
        : { status: 401, body: { message: 'token is required' } },
  };
}
