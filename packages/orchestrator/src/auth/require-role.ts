/** requireRole: ends a request that its caller has no right to. */

import { ProblemError } from '../http/problem.ts';
import { mayIn, type Caller } from './caller.ts';
import type { Role } from './role.ts';

/** What may not be seen is not there (404); what may be seen but not done is forbidden (403). Throws a ProblemError. */
export function requireRole(caller: Caller, team: string, role: Role): void {
  if (mayIn(caller, team, role)) return;
  if (!mayIn(caller, team, 'viewer')) throw notFound();
  throw new ProblemError({
    status: 403,
    code: 'forbidden',
    title: 'You may not do this',
    detail: `it needs the role ${role} in team ${team}`,
  });
}

/** Said of what does not exist and of what the caller may not see: the two must look the same. */
export function notFound(): ProblemError {
  return new ProblemError({ status: 404, code: 'not-found', title: 'There is no such thing' });
}
