/** RouteAccess: what a route asks of its caller; every route behind the guard must say it. */

import type { Caller } from '../auth/caller.ts';
import type { Role } from '../auth/role.ts';

/**
 * `over: 'team'`: the caller needs the role in at least one team, and the handler asks for the team that it touches
 * (`requireRole`). `over: 'platform'`: the caller needs the role in all teams (`*`).
 */
export interface RouteAccess {
  readonly role: Role;
  readonly over: 'team' | 'platform';
}

declare module 'fastify' {
  interface FastifySchema {
    /** Shown in the OpenAPI document. */
    readonly 'x-access'?: RouteAccess;
  }
  interface FastifyContextConfig {
    readonly access?: RouteAccess;
  }
  interface FastifyRequest {
    /** Set by the guard before a handler runs; read it by `callerOf`. */
    caller: Caller | undefined;
  }
}
