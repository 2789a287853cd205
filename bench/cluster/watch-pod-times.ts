/** watchPodTimes: when each pod of a namespace came, ran and ended, by this machine's clock; the API's has whole seconds. */

import { createReflector, kinds, type KubeClient, type Pod } from '@tekton-dag/kube';

export interface PodTimes {
  readonly pod: string;
  readonly createdMs: number;
  /** Of the first container that started. */
  readonly runningMs?: number;
  /** Of the last container that ended. */
  readonly endedMs?: number;
}

export interface PodWatch {
  readonly times: () => readonly PodTimes[];
  readonly stop: () => Promise<void>;
}

const statesOf = ({ status }: Pod) => (status?.containerStatuses ?? []).map(({ state }) => state ?? {});

function advance(times: PodTimes, pod: Pod): PodTimes {
  const states = statesOf(pod);
  const nowMs = performance.now();
  const runs = states.some(({ running, terminated }) => (running ?? terminated) !== undefined);
  const ended = states.length > 0 && states.every(({ terminated }) => terminated !== undefined);
  return {
    ...times,
    ...(runs && times.runningMs === undefined ? { runningMs: nowMs } : {}),
    ...(ended && times.endedMs === undefined ? { endedMs: nowMs } : {}),
  };
}

/** Watches until stopped. */
export async function watchPodTimes(client: KubeClient, namespace: string): Promise<PodWatch> {
  const times = new Map<string, PodTimes>();
  const pods = createReflector(client.resource(kinds.pods, namespace));
  pods.on(({ object }) => {
    const pod = object.metadata?.name ?? '';
    times.set(pod, advance(times.get(pod) ?? { pod, createdMs: performance.now() }, object));
  });
  pods.start();
  await pods.synced;
  return { times: () => [...times.values()], stop: async () => await pods[Symbol.asyncDispose]() };
}
