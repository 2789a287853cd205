/** startFakeGitHub: GitHub's REST API on loopback, as far as we call it, over a world that tests can change. */

import { createHash } from 'node:crypto';
import { appRoutes, type FakeApp } from './app-routes.ts';
import { checkRunRoutes } from './check-run-routes.ts';
import {
  startFakeHttp,
  type FakeAnswer,
  type FakeHttp,
  type FakeRequest,
  type FakeRoute,
} from './fake-http.ts';
import { ForgeWorld } from './forge-world.ts';
import { appHookRoutes, hookRoutes } from './hook-routes.ts';
import { statusRoutes } from './status-routes.ts';
import { nameOf, page, textOf, worldRoutes } from './world-routes.ts';

export interface FakeForgeOptions {
  /** What payloads call the forge; default `github.com`. */
  readonly host?: string;
  /** Login of the token; default `tekton-dag`. */
  readonly self?: string;
  /** Requests before the rate limit; default 5,000. A 304 costs nothing. */
  readonly rateLimit?: number;
  readonly app?: FakeApp;
}

/** `entry` is the forge's entry of a forges file: JSON but for the credential. */
export interface FakeForge extends FakeHttp {
  readonly world: ForgeWorld;
  readonly token: string;
  readonly entry: { readonly host: string; readonly kind: 'github' | 'gitea'; readonly apiUrl: string };
}

export const FAKE_FORGE_TOKEN = 'ghp_a-token-of-the-fake-forge';
const RESET_AFTER_MS = 3_600_000;

export async function startFakeGitHub(options: FakeForgeOptions = {}): Promise<FakeForge> {
  const { host = 'github.com', self = 'tekton-dag', rateLimit = 5_000, app } = options;
  const world = new ForgeWorld();
  const tokens = new Set([FAKE_FORGE_TOKEN]);
  const budget = { limit: rateLimit, used: 0, resetAtMs: Date.now() + RESET_AFTER_MS };
  const author = app === undefined ? self : `${app.slug}[bot]`;
  const routes = [
    ...worldRoutes(world, { base: '', self: author, htmlUrl: `https://${host}` }),
    ...checkRunRoutes(world).map(forAppsOnly),
    ...statusRoutes(world, ''),
    ...hookRoutes(world),
    ...ownRoutes(world, author),
  ].map((route) => guarded(route, tokens));
  const ownApp = app === undefined ? [] : appRoutes(app, tokens, appHookRoutes(world));
  const http = await startFakeHttp([...routes, ...ownApp], (request, answer) =>
    countBudget(budget, withETag(request, answer)),
  );
  return { ...http, world, token: FAKE_FORGE_TOKEN, entry: { host, kind: 'github', apiUrl: http.url } };
}

function ownRoutes(world: ForgeWorld, self: string): readonly FakeRoute[] {
  const repo = '/repos/:owner/:name';
  return [
    { method: 'GET', pattern: '/user', handle: () => ({ status: 200, body: { login: self } }) },
    {
      method: 'GET',
      pattern: `${repo}/collaborators/:login/permission`,
      handle: (request) => {
        const key = `${nameOf(request)} ${request.params['login'] ?? ''}`.toLowerCase();
        const role = world.permissions.get(key) ?? 'none';
        const plain = { maintain: 'write', triage: 'read' } as const;
        const permission = role === 'maintain' || role === 'triage' ? plain[role] : role;
        return { status: 200, body: { permission, role_name: role } };
      },
    },
    {
      method: 'GET',
      pattern: `${repo}/commits/:sha/check-runs`,
      handle: (request) => {
        const checks = world.checksOf(request.params['sha'] ?? '');
        return { status: 200, body: { check_runs: page(request, checks).body } };
      },
    },
    {
      method: 'POST',
      pattern: `${repo}/issues/comments/:id/reactions`,
      handle: (request) => {
        const content = (['+1', '-1', 'eyes', 'rocket', 'confused'] as const).find(
          (known) => known === textOf(request, 'content'),
        );
        if (content === undefined) return { status: 422, body: { message: 'Validation Failed' } };
        world.reactions.push({
          repository: nameOf(request),
          commentId: Number(request.params['id']),
          content,
        });
        return { status: 201, body: { id: world.nextId() } };
      },
    },
  ];
}

/** GitHub docs, "REST API endpoints for check runs": people's tokens may read checks, never write them. */
function forAppsOnly(route: FakeRoute): FakeRoute {
  return {
    ...route,
    handle: (request) =>
      request.headers.authorization?.endsWith(FAKE_FORGE_TOKEN) === true
        ? { status: 403, body: { message: 'You must authenticate via a GitHub App.' } }
        : route.handle(request),
  };
}

function guarded(route: FakeRoute, tokens: ReadonlySet<string>): FakeRoute {
  return {
    ...route,
    handle: (request) => {
      const token = request.headers.authorization?.split(' ').at(-1) ?? '';
      return tokens.has(token)
        ? route.handle(request)
        : { status: 401, body: { message: 'Bad credentials' } };
    },
  };
}

function withETag(request: FakeRequest, answer: FakeAnswer): FakeAnswer {
  if (request.method !== 'GET' || answer.status !== 200) return answer;
  const etag = `W/"${createHash('sha256').update(JSON.stringify(answer.body)).digest('hex').slice(0, 32)}"`;
  const headers = { ...answer.headers, etag };
  return request.headers['if-none-match'] === etag ? { status: 304, headers } : { ...answer, headers };
}

/** GitHub docs, "Rate limits for the REST API". */
function countBudget(
  budget: { readonly limit: number; used: number; readonly resetAtMs: number },
  answer: FakeAnswer,
): FakeAnswer {
  if (answer.status !== 304) budget.used += 1;
  const remaining = Math.max(0, budget.limit - budget.used);
  const headers = {
    ...answer.headers,
    'x-ratelimit-limit': String(budget.limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(Math.ceil(budget.resetAtMs / 1_000)),
  };
  if (budget.used <= budget.limit) return { ...answer, headers };
  return { status: 403, body: { message: 'API rate limit exceeded for user' }, headers };
}
