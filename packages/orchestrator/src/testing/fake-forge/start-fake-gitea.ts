/** startFakeGitea: Gitea's REST API on loopback, as far as we call it, over a world that tests can change. */

import type { CheckConclusion } from '../../forge/forge-client.ts';
import { startFakeHttp, type FakeRequest, type FakeRoute } from './fake-http.ts';
import { ForgeWorld } from './forge-world.ts';
import { FAKE_FORGE_TOKEN, type FakeForge, type FakeForgeOptions } from './start-fake-github.ts';
import { nameOf, textOf, worldRoutes } from './world-routes.ts';

const BASE = '/api/v1';
/** Gitea docs, "Create a commit status". */
const STATES: Readonly<Record<string, CheckConclusion | null>> = {
  pending: null,
  success: 'success',
  failure: 'failure',
  error: 'failure',
  warning: 'neutral',
  skipped: 'skipped',
};

export async function startFakeGitea(
  options: Pick<FakeForgeOptions, 'host' | 'self'> = {},
): Promise<FakeForge> {
  const { host = 'git.example.com', self = 'tekton-dag' } = options;
  const world = new ForgeWorld();
  const routes = [
    ...worldRoutes(world, { base: BASE, self, htmlUrl: `https://${host}` }),
    ...giteaRoutes(world, self),
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
    { method: 'POST', pattern: `${repo}/statuses/:sha`, handle: (request) => addStatus(world, request) },
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

/** Statuses of one context replace each other, as Gitea shows the newest. */
function addStatus(world: ForgeWorld, request: FakeRequest): { status: number; body: object } {
  const state = textOf(request, 'state');
  if (!Object.hasOwn(STATES, state)) return { status: 422, body: { message: 'invalid state' } };
  const conclusion = STATES[state] ?? null;
  const id = world.nextId();
  const headSha = request.params['sha'] ?? '';
  const name = textOf(request, 'context');
  const older = world.checks.findIndex((check) => check.headSha === headSha && check.name === name);
  world.checks.splice(older === -1 ? world.checks.length : older, older === -1 ? 0 : 1, {
    id,
    repository: nameOf(request),
    headSha,
    name,
    status: conclusion === null ? 'in_progress' : 'completed',
    conclusion,
    title: textOf(request, 'description'),
    summary: '',
    detailsUrl: textOf(request, 'target_url') || null,
    annotations: [],
  });
  return { status: 201, body: { id, status: state } };
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
