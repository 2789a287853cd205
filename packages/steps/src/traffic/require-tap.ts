/** Finds the tap of an intercept alive, or says how it ended. */
import type { Intercepts } from '@tekton-dag/model';
import { kinds, type KubeClient, type Pod } from '@tekton-dag/kube';
import { tailPodLog } from '../kubernetes/tail-pod-log.ts';
import { StepFailure } from '../step-failure.ts';
import { adminUrl, type AdminReplica } from './admin-replica.ts';
import { readRouterToken } from './router-token.ts';

export type TapPlace = NonNullable<Intercepts[number]['tap']>;

const LOG_LINES = 8;

const describeExit = ({ status }: Pod): string | undefined => {
  const states = status?.containerStatuses?.map(({ state }) => state?.terminated) ?? [];
  const ended = states.find((terminated) => terminated !== undefined);
  return ended === undefined
    ? undefined
    : `ended with exit code ${ended.exitCode} (${ended.reason ?? 'no reason'})`;
};

/** Why a tap serves no longer; undefined while it does. Pure. */
export const describeTapEnd = (pod: Pod | undefined): string | undefined => {
  if (pod === undefined) return 'is gone';
  if (pod.metadata?.deletionTimestamp !== undefined) return 'is being deleted';
  const phase = pod.status?.phase ?? 'Unknown';
  return describeExit(pod) ?? (phase === 'Running' ? undefined : `is ${phase}`);
};

/** Throws TAP_LOST with the last lines of its log. */
export const requireTap = async (
  client: KubeClient,
  { app, tap }: { app: string; tap: TapPlace },
): Promise<AdminReplica> => {
  const pod = await client.resource(kinds.pods, tap.namespace).get(tap.pod);
  const end = describeTapEnd(pod);
  const address = pod?.status?.podIP;
  if (end === undefined && address !== undefined) {
    const name = `${tap.namespace}/${tap.pod}`;
    return { url: adminUrl(address), token: await readRouterToken(client, tap.namespace), name };
  }
  const tail = await tailPodLog(client, { ...tap, container: undefined }, LOG_LINES);
  const log = tail.length === 0 ? '' : `; last log lines: ${tail.join(' | ')}`;
  throw new StepFailure(
    `the intercept of ${app} is lost: its tap ${tap.namespace}/${tap.pod} ${end ?? 'has no address'}${log}`,
    { code: 'TAP_LOST', hint: `kubectl describe pod -n ${tap.namespace} ${tap.pod}` },
  );
};

/** Throws TAP_LOST for the first intercept whose tap does not serve any more. */
export const requireTaps = async (client: KubeClient, intercepts: Intercepts): Promise<AdminReplica[]> =>
  await Promise.all(
    intercepts.flatMap(({ app, tap }) => (tap === undefined ? [] : [requireTap(client, { app, tap })])),
  );
