/** cancelRun: ends one run by name, for whoever may. */

import type { KubeClient } from '@tekton-dag/kube';
import { err, LABEL, ok, type Result } from '@tekton-dag/model';
import type { RunKey } from '@tekton-dag/store';
import { stopRun } from './cancel-session.ts';
import { findRun } from './find-run.ts';
import { phaseOf } from './run-phase.ts';

export interface CancelRefusal {
  readonly reason: 'not-found' | 'finished' | 'release';
  readonly message: string;
}

/**
 * Ok when the run has been asked to stop; it may take a while. A release that began is ended only for an admin: it may
 * have pushed half of what it releases.
 */
export async function cancelRun(
  client: KubeClient,
  key: RunKey,
  { isAdmin }: { readonly isAdmin: boolean },
): Promise<Result<undefined, CancelRefusal>> {
  const run = await findRun(client, key);
  if (run === undefined) return err({ reason: 'not-found', message: `there is no run ${key.name}` });
  if (phaseOf(run) === 'finished') {
    return err({ reason: 'finished', message: `run ${key.name} has ended already` });
  }
  if (run.metadata.labels?.[LABEL.mode] === 'merge' && !isAdmin) {
    return err({ reason: 'release', message: `run ${key.name} is a release; only an admin may cancel it` });
  }
  await stopRun(client, run);
  return ok(undefined);
}
