/** findRun: a run of the history, when the caller may see it. */

import type { RunKey, RunWithEvidence, Store } from '@tekton-dag/store';
import type { Caller } from '../auth/caller.ts';
import { notFound, requireRole } from '../auth/require-role.ts';
import type { Role } from '../auth/role.ts';

/** Throws the same `not-found` for a run that is not there and for one of a team that the caller does not see. */
export async function findRun(
  store: Store,
  caller: Caller,
  { namespace, name }: RunKey,
  role: Role,
): Promise<RunWithEvidence> {
  const run = await store.runs.get({ namespace, name });
  if (run === undefined) throw notFound();
  requireRole(caller, run.team, role);
  return run;
}
