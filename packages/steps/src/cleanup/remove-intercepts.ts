/** Removes what a run's intercepts are made of in one namespace: exactly that run's, by its label. */
import { setTimeout as delay } from 'node:timers/promises';
import { LABEL } from '@tekton-dag/model';
import { kinds, type KubeClient, type KubeObject, type ResourceDefinition } from '@tekton-dag/kube';
import { httpRoutes } from '../kubernetes/run-kinds.ts';
import { agentSelector, tapPodSelector, tapSelector } from '../deploy-taps/tap-names.ts';

export interface RemoveOptions {
  readonly run: string;
  readonly namespace: string;
  readonly signal: AbortSignal;
}

const POLL_INTERVAL_MS = 250;
/** Longer than taps and agents may take to end by themselves. */
const MAX_END_MS = 45_000;

const removeSelected = async <T extends KubeObject>(
  client: KubeClient,
  definition: ResourceDefinition<T>,
  { namespace, labelSelector }: { namespace: string; labelSelector: string },
): Promise<string[]> => {
  const resource = client.resource(definition, namespace);
  const { items } = await resource.list({ labelSelector });
  const removed: string[] = [];
  for (const { metadata } of items) {
    const { name, uid } = metadata ?? {};
    if (name === undefined) continue;
    await resource.delete(name, { propagation: 'Background', ...(uid === undefined ? {} : { uid }) });
    removed.push(`${definition.kind} ${namespace}/${name}`);
  }
  return removed;
};

/** Only what bears a session goes: the baseline carries the label of the run that made it, too. */
const removeOwn = async <T extends KubeObject>(
  client: KubeClient,
  definition: ResourceDefinition<T>,
  { namespace, run }: RemoveOptions,
): Promise<string[]> =>
  await removeSelected(client, definition, {
    namespace,
    labelSelector: `${LABEL.run}=${run},${LABEL.session}`,
  });

/** Routes go first, so that no request is sent to pods that are going. */
export const removeRoutedIntercepts = async (
  client: KubeClient,
  options: RemoveOptions,
): Promise<string[]> => [
  ...(await removeOwn(client, httpRoutes, options)),
  ...(await removeOwn(client, kinds.services, options)),
  ...(await removeOwn(client, kinds.deployments, options)),
];

/** The traffic is the baseline's again only when the agents are gone. */
const awaitTapsGone = async (
  client: KubeClient,
  { namespace, run, signal }: RemoveOptions,
): Promise<void> => {
  const pods = client.resource(kinds.pods, namespace);
  const deadlineMs = performance.now() + MAX_END_MS;
  while (performance.now() < deadlineMs) {
    const { items } = await pods.list({ labelSelector: tapPodSelector(run) });
    if (items.length === 0) return;
    await delay(POLL_INTERVAL_MS, undefined, { signal });
  }
};

/**
 * Taps first: a tool that sees its program end takes its agent along. The label of the part matters: where apps live in
 * the namespace of the runs, the run record and the pods of Tekton bear run and session, too.
 */
export const removeTaps = async (client: KubeClient, options: RemoveOptions): Promise<string[]> => {
  const { namespace, run } = options;
  const taps = { namespace, labelSelector: tapSelector(run) };
  const agents = { namespace, labelSelector: agentSelector(run) };
  const removed = [
    ...(await removeSelected(client, kinds.pods, taps)),
    ...(await removeSelected(client, kinds.jobs, agents)),
    ...(await removeSelected(client, kinds.configmaps, taps)),
  ];
  await awaitTapsGone(client, options);
  return removed;
};

/** All of it but the lease: taps, agents, the pull request's pods. */
export const removeIntercepts = async (client: KubeClient, options: RemoveOptions): Promise<string[]> => [
  ...(await removeTaps(client, options)),
  ...(await removeRoutedIntercepts(client, options)),
];

/** Lets the next run in. */
export const releaseLeases = async (client: KubeClient, options: RemoveOptions): Promise<string[]> =>
  await removeOwn(client, kinds.leases, options);
