/** guardRoutes: every route of a scope needs a bearer token (RFC 6750) and the role that it states. */

import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { Authenticator } from '../auth/authenticator.ts';
import { mayAnywhere, mayEverywhere, type Caller } from '../auth/caller.ts';
import type { Metrics } from '../metrics.ts';
import { ProblemError } from './problem.ts';
import { problemResponses } from './problem-schema.ts';
import type { RouteAccess } from './route-access.ts';

export interface GuardContext {
  readonly authenticator: Authenticator;
  readonly metrics: Pick<Metrics, 'authentications'>;
}

/** Call it before the scope's routes are declared: a route without `config.access` is a fault at start-up. */
export function guardRoutes(scope: FastifyInstance, context: GuardContext): void {
  scope.decorateRequest('caller', undefined);
  scope.addHook('onRoute', documentAccess);
  scope.addHook('onRequest', async (request, reply) => {
    request.caller = await identify(context, request, reply);
    const { access } = request.routeOptions.config;
    if (access === undefined) throw new Error(`${request.routeOptions.url} states no access`);
    if (!isAllowed(request.caller, access)) throw forbidden(access);
  });
}

/** Who makes the request; only where the guard has let it in. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === undefined) throw new Error('the route is not behind the guard');
  return request.caller;
}

function documentAccess(route: RouteOptions): void {
  const access = route.config?.access;
  if (access === undefined) throw new Error(`${route.url} states no access`);
  route.schema = {
    ...route.schema,
    response: { ...problemResponses, ...responsesOf(route) },
    security: [{ bearer: [] }],
    'x-access': access,
  };
}

function responsesOf(route: RouteOptions): object {
  const response = route.schema?.response;
  return typeof response === 'object' && response !== null ? response : {};
}

async function identify(
  { authenticator, metrics }: GuardContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Caller> {
  const token = /^bearer +(.*\S) *$/i.exec(request.headers.authorization ?? '')?.[1];
  const caller = token === undefined ? undefined : await authenticator.authenticate(token);
  metrics.authentications.inc({ outcome: outcomeOf(token, caller) });
  if (caller !== undefined) return caller;
  // RFC 6750, section 3: a request without credentials gets no error code.
  reply.header('www-authenticate', token === undefined ? 'Bearer' : 'Bearer error="invalid_token"');
  throw new ProblemError({ status: 401, code: 'unauthorized', title: 'A bearer token is required' });
}

function outcomeOf(token: string | undefined, caller: Caller | undefined): string {
  if (caller !== undefined) return 'accepted';
  return token === undefined ? 'missing' : 'refused';
}

function isAllowed(caller: Caller, { role, over }: RouteAccess): boolean {
  return over === 'platform' ? mayEverywhere(caller, role) : mayAnywhere(caller, role);
}

function forbidden({ role, over }: RouteAccess): ProblemError {
  const where = over === 'platform' ? 'in all teams' : 'in a team';
  return new ProblemError({
    status: 403,
    code: 'forbidden',
    title: 'You may not do this',
    detail: `it needs the role ${role} ${where}`,
  });
}
