/** Readiness: why the orchestrator should get no traffic. */

import type { KubeClient } from '@tekton-dag/kube';
import type { Store } from '@tekton-dag/store';
import type { PlatformSnapshot } from './platform/platform-snapshot.ts';
import { pipelineRunsIn } from './runs/pipeline-runs.ts';

const PROBE_TIMEOUT_MS = 3_000;

/** Every reason at once; empty when all is well. */
export async function checkReadiness(context: {
  readonly client: KubeClient;
  readonly store: Store;
  readonly snapshot: PlatformSnapshot;
}): Promise<readonly string[]> {
  const { client, store, snapshot } = context;
  const namespaces = [...new Set([...snapshot.teams.values()].map((team) => team.namespace))];
  const probes = await Promise.all([
    probe('store', () => store.ping()),
    ...namespaces
      .slice(0, 1)
      .map((namespace) => probe('cluster', (signal) => listOne(client, namespace, signal))),
  ]);
  const empty = snapshot.stacks.size === 0 ? ['no stack is loaded'] : [];
  return [...empty, ...probes.flat()];
}

async function listOne(client: KubeClient, namespace: string, signal: AbortSignal): Promise<void> {
  await pipelineRunsIn(client, namespace).list({ labelSelector: 'tekton-dag.io/probe', signal });
}

async function probe(name: string, ask: (signal: AbortSignal) => Promise<void>): Promise<readonly string[]> {
  try {
    await ask(AbortSignal.timeout(PROBE_TIMEOUT_MS));
    return [];
  } catch (error) {
    return [`${name}: ${error instanceof Error ? error.message : String(error)}`];
  }
}
