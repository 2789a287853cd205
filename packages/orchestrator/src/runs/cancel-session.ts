/** cancelSessions: ends the test runs of pull requests. */

import { isRefusal, type KubeClient } from '@tekton-dag/kube';
import type { PipelineRun } from '@tekton-dag/model';
import { listOpenTests } from './list-open-tests.ts';
import { pipelineRunsIn } from './pipeline-runs.ts';
import { phaseOf } from './run-phase.ts';

export interface SessionScope {
  readonly namespace: string;
  readonly session: string;
  /** Names of runs that stay. */
  readonly except: readonly string[];
}

/**
 * Asks every unfinished test run of the session to stop, and gives the names of those that have not stopped yet.
 * A run that began is cancelled with its `finally` tasks; merge runs are never touched.
 */
export async function cancelSession(client: KubeClient, scope: SessionScope): Promise<readonly string[]> {
  const tests = await listOpenTests(client, scope);
  const open = tests.filter((run) => !scope.except.includes(run.metadata.name ?? ''));
  await Promise.all(open.map((run) => stopRun(client, run)));
  return open.map((run) => run.metadata.name ?? '');
}

/** The sessions of these targets, each once; gives the names of the runs that have not stopped yet. */
export async function cancelSessions(
  client: KubeClient,
  targets: readonly { readonly namespace: string; readonly session: string }[],
  except: readonly string[],
): Promise<readonly string[]> {
  const scopes = new Map(
    targets.map(({ namespace, session }) => [`${namespace}/${session}`, { namespace, session }]),
  );
  const open = await Promise.all(
    [...scopes.values()].map((scope) => cancelSession(client, { ...scope, except })),
  );
  return open.flat();
}

/** Asks one unfinished run to stop; one that began still has its `finally` tasks. */
export async function stopRun(client: KubeClient, run: PipelineRun): Promise<void> {
  const { name = '', namespace = '', resourceVersion } = run.metadata;
  const pending = phaseOf(run) === 'pending';
  if (!pending && run.spec.status !== undefined) return;
  // A run that never began has nothing for its finally tasks to tidy.
  const status = pending ? 'Cancelled' : 'CancelledRunFinally';
  try {
    await pipelineRunsIn(client, namespace).patch(
      name,
      { metadata: { resourceVersion }, spec: { status } },
      { type: 'merge' },
    );
  } catch (error) {
    // Changed or gone meanwhile: the caller looks again, because it was told that this run had not stopped.
    if (!isRefusal(error, 'Conflict') && !isRefusal(error, 'NotFound')) throw error;
  }
}
