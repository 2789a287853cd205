/** Proves an intercept: a tagged request comes to the pull request's pod by way of the tap, an untagged one does not. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Intercepts } from '@tekton-dag/model';
import { kinds, type KubeClient, type Pod } from '@tekton-dag/kube';
import { findPodTrouble } from '../kubernetes/find-pod-trouble.ts';
import { tailPodLog } from '../kubernetes/tail-pod-log.ts';
import { StepFailure } from '../step-failure.ts';
import { describeTapEnd, requireTap, type TapPlace } from '../traffic/require-tap.ts';
import { openRouterAdmin, type RouterAdmin } from '../traffic/router-admin.ts';
import { sendRequest } from '../traffic/send-request.ts';
import { newTrace } from '../traffic/session-headers.ts';
import { agentSelector } from './tap-names.ts';

export interface TapProof {
  readonly app: string;
  readonly run: string;
  readonly namespace: string;
  readonly tap: TapPlace;
  /** The Service on the pull request's pods. */
  readonly service: string;
  /** Base URL of the app. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const RETRY_INTERVAL_MS = 200;
const LOG_LINES = 6;

const interceptOf = ({ app, namespace, service, tap }: TapProof): Intercepts => [
  { app, namespace, service, deployment: service, route: '', pod: '', tap },
];

const tailAgents = async (client: KubeClient, { namespace, run, app }: TapProof): Promise<string[]> => {
  const { items } = await client
    .resource(kinds.pods, namespace)
    .list({ labelSelector: agentSelector(run, app) });
  const tails = items.map(async ({ metadata }) => {
    const pod = metadata?.name ?? '';
    const lines = await tailPodLog(client, { namespace, pod, container: undefined }, LOG_LINES);
    return lines.map((line) => `${pod}: ${line}`);
  });
  return (await Promise.all(tails)).flat();
};

const failureOf = async (client: KubeClient, proof: TapProof, seen: string): Promise<StepFailure> => {
  const { app, tap, timeoutMs } = proof;
  const tail = await tailPodLog(client, { ...tap, container: undefined }, LOG_LINES);
  const log = [...tail.map((line) => `${tap.pod}: ${line}`), ...(await tailAgents(client, proof))];
  const said = log.length === 0 ? 'no log' : `last log lines: ${log.join(' | ')}`;
  return new StepFailure(
    `the intercept of ${app} was not there within ${Math.round(timeoutMs / 1000)} s: ${seen}; ${said}`,
    { code: 'INTERCEPT_SILENT', hint: `kubectl describe pod -n ${tap.namespace} ${tap.pod}` },
  );
};

const isReady = (pod: Pod): boolean =>
  pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;

/** What a tap that has not started waits for; throws TAP_IMAGE when it never will start. */
const awaitStart = (pod: Pod, { app, tap }: Pick<TapProof, 'app' | 'tap'>): string => {
  const trouble = findPodTrouble(pod);
  if (trouble === undefined) return 'its tap is Pending';
  throw new StepFailure(
    `the tap of ${app} cannot start: pod ${tap.namespace}/${tap.pod} ${trouble.message}`,
    { code: 'TAP_IMAGE', hint: 'check the param that names the image of the intercept tool' },
  );
};

/** Undefined when the tap is ready to be asked; throws TAP_LOST when it never will be. */
const tapDelay = async (client: KubeClient, { app, tap }: TapProof): Promise<string | undefined> => {
  const pod = await client.resource(kinds.pods, tap.namespace).get(tap.pod);
  if (pod?.status?.phase === 'Pending') return awaitStart(pod, { app, tap });
  if (pod === undefined || describeTapEnd(pod) !== undefined) await requireTap(client, { app, tap });
  return pod !== undefined && isReady(pod) ? undefined : 'its tap is not ready';
};

/** The pod that answered a tagged request, or what happened instead. */
const probeTagged = async (
  admin: RouterAdmin,
  proof: TapProof,
): Promise<{ pod: string } | { seen: string }> => {
  const { traceId, traceparent } = newTrace();
  const answer = await sendRequest(`${proof.url}/`, { ...proof.headers, traceparent }, proof.signal);
  if (answer.status === undefined) return { seen: `a tagged request got no answer (${answer.message})` };
  const { hops } = await admin.evidence(traceId);
  const own = hops.find(({ service, namespace }) => service === proof.app && namespace === proof.namespace);
  if (own?.backend === proof.service && own.pod !== null) return { pod: own.pod };
  return { seen: `a tagged request went to ${own?.backend ?? 'nobody'} (HTTP ${answer.status})` };
};

/** What is wrong with an untagged request; undefined when the baseline answered it. */
const probeUntagged = async (admin: RouterAdmin, proof: TapProof): Promise<string | undefined> => {
  const answer = await sendRequest(`${proof.url}/`, {}, proof.signal);
  if (answer.status === undefined) return `an untagged request got no answer (${answer.message})`;
  const stolen = (await admin.counters())
    .get(`${proof.namespace}/${proof.app}`)
    ?.get(proof.service)?.untagged;
  if ((stolen ?? 0) > 0) return `${stolen} untagged request(s) were stolen`;
  return answer.status >= 500 ? `an untagged request got HTTP ${answer.status}` : undefined;
};

const probe = async (client: KubeClient, proof: TapProof): Promise<{ pod: string } | { seen: string }> => {
  const wait = await tapDelay(client, proof);
  if (wait !== undefined) return { seen: wait };
  const { namespace, signal } = proof;
  const intercepts = interceptOf(proof);
  const admin = await openRouterAdmin(client, { namespaces: [namespace], intercepts, signal });
  const tagged = await probeTagged(admin, proof);
  if ('seen' in tagged) return tagged;
  const problem = await probeUntagged(admin, proof);
  return problem === undefined ? tagged : { seen: problem };
};

/** Resolves with the name of the pull request's pod; throws INTERCEPT_SILENT or TAP_LOST with the last log lines. */
export const awaitTap = async (client: KubeClient, proof: TapProof): Promise<string> => {
  const deadlineMs = performance.now() + proof.timeoutMs;
  for (;;) {
    const outcome = await probe(client, proof);
    if ('pod' in outcome) return outcome.pod;
    if (performance.now() > deadlineMs) throw await failureOf(client, proof, outcome.seen);
    await delay(RETRY_INTERVAL_MS, undefined, { signal: proof.signal });
  }
};
