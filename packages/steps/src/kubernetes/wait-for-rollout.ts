/** Waits until a Deployment's new pods serve, or says why they will not. */
import { setTimeout as delay } from 'node:timers/promises';
import { kinds, waitFor, type Deployment, type KubeClient, type Pod } from '@tekton-dag/kube';
import { StepFailure } from '../step-failure.ts';
import { findPodTrouble, type PodTrouble } from './find-pod-trouble.ts';
import { tailPodLog } from './tail-pod-log.ts';

export interface RolloutOptions {
  readonly namespace: string;
  readonly deployment: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const POD_CHECK_INTERVAL_MS = 1_000;
const LOG_LINES = 5;

const NOTHING = { observedGeneration: 0, replicas: 0, updatedReplicas: 0, availableReplicas: 0 };

/** Complete in the sense of `kubectl rollout status`. */
export const isRolledOut = ({ metadata, spec, status }: Deployment): boolean => {
  const wanted = spec?.replicas ?? 1;
  const { observedGeneration, replicas, updatedReplicas, availableReplicas } = { ...NOTHING, ...status };
  if (observedGeneration < (metadata?.generation ?? 0)) return false;
  return updatedReplicas >= wanted && replicas <= wanted && availableReplicas >= wanted;
};

const selectorOf = (deployment: Deployment): string =>
  Object.entries(deployment.spec?.selector.matchLabels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',');

/** Pods of the template that is being rolled out; older ones may well be in trouble. */
const podsOf = async (client: KubeClient, deployment: Deployment): Promise<Pod[]> => {
  const { items } = await client
    .resource(kinds.pods, deployment.metadata?.namespace)
    .list({ labelSelector: selectorOf(deployment) });
  const images = new Set(deployment.spec?.template.spec?.containers.map(({ image }) => image));
  return items.filter((pod) => pod.spec?.containers.every(({ image }) => images.has(image)) ?? false);
};

const watchForTrouble = async (
  client: KubeClient,
  options: RolloutOptions,
  signal: AbortSignal,
): Promise<PodTrouble> => {
  const deployments = client.resource(kinds.deployments, options.namespace);
  for (;;) {
    await delay(POD_CHECK_INTERVAL_MS, undefined, { signal });
    const deployment = await deployments.get(options.deployment);
    const pods = deployment === undefined ? [] : await podsOf(client, deployment);
    for (const pod of pods) {
      const trouble = findPodTrouble(pod);
      if (trouble !== undefined) return trouble;
    }
  }
};

const CODE = { image: 'ROLLOUT_IMAGE', 'crash-loop': 'ROLLOUT_CRASH_LOOP' } as const;

const explainTrouble = async (
  client: KubeClient,
  options: RolloutOptions,
  trouble: PodTrouble,
): Promise<StepFailure> => {
  const { namespace, deployment } = options;
  const tail = await tailPodLog(client, { namespace, ...trouble }, LOG_LINES);
  const log = tail.length === 0 ? '' : `; last log lines: ${tail.join(' | ')}`;
  return new StepFailure(
    `Deployment ${namespace}/${deployment}: pod ${trouble.pod} ${trouble.message}${log}`,
    {
      code: CODE[trouble.reason],
      hint: `kubectl describe pod -n ${namespace} ${trouble.pod}`,
    },
  );
};

const explainTimeout = async (
  client: KubeClient,
  options: RolloutOptions,
  last: Deployment | undefined,
): Promise<StepFailure> => {
  const { namespace, deployment } = options;
  const pods = last === undefined ? [] : await podsOf(client, last);
  const pod = pods[0]?.metadata?.name;
  const tail =
    pod === undefined ? [] : await tailPodLog(client, { namespace, pod, container: undefined }, LOG_LINES);
  const log = tail.length === 0 ? 'no log' : `last log lines: ${tail.join(' | ')}`;
  const seconds = Math.round(options.timeoutMs / 1000);
  return new StepFailure(
    `Deployment ${namespace}/${deployment} was not ready within ${seconds} s: ${pod ?? 'no pod'}, ${log}`,
    {
      code: 'ROLLOUT_TIMEOUT',
      hint: 'does the app listen on its container-port?',
    },
  );
};

/** Resolves when all replicas are available; throws ROLLOUT_* otherwise. */
export const waitForRollout = async (client: KubeClient, options: RolloutOptions): Promise<void> => {
  const deployments = client.resource(kinds.deployments, options.namespace);
  const watch = new AbortController();
  const signal = AbortSignal.any([options.signal, watch.signal]);
  try {
    const ready = waitFor(deployments, options.deployment, isRolledOut, {
      timeoutMs: options.timeoutMs,
      signal,
    });
    const trouble = watchForTrouble(client, options, signal);
    // The loser of the race is aborted and rejects; nobody waits for it.
    for (const loser of [ready, trouble]) loser.catch(() => {});
    const outcome = await Promise.race([ready, trouble]);
    if ('reason' in outcome) throw await explainTrouble(client, options, outcome);
    if (!outcome.ok) throw await explainTimeout(client, options, outcome.error.last);
  } finally {
    watch.abort();
  }
};
