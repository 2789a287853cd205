/** Works out a pod's status from the states of its containers (Kubernetes, "Pod Lifecycle"). Pure. */

import { kubeTime, setCondition } from '../control/set-condition.ts';
import type { Condition, ContainerStatus, Pod, PodStatus } from '../specs/workload-objects.ts';
import { HOST_IP } from './container-environment.ts';

export interface PodFacts {
  readonly podIp: string;
  readonly startTime: string;
  readonly initContainers: readonly ContainerStatus[];
  readonly containers: readonly ContainerStatus[];
  /** All init containers have done their part. */
  readonly initialized: boolean;
  /** Set when no container will run again. */
  readonly end?: {
    readonly phase: 'Succeeded' | 'Failed';
    readonly reason?: string;
    readonly message?: string;
  };
  /** Something that the user should know, e.g. that the app listens on the wrong port. */
  readonly notice?: string;
}

/** The whole status; conditions keep their times while they do not change. */
export function podStatus(pod: Pod, facts: PodFacts, now: Date): PodStatus {
  const phase = facts.end?.phase ?? phaseOf(facts);
  const message = facts.end?.message ?? facts.notice;
  const reason = facts.end?.reason;
  return {
    phase,
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
    conditions: conditionsOf(pod, facts, now),
    podIP: facts.podIp,
    podIPs: [{ ip: facts.podIp }],
    hostIP: HOST_IP,
    hostIPs: [{ ip: HOST_IP }],
    startTime: facts.startTime,
    qosClass: qosClassOf(pod),
    ...(facts.initContainers.length === 0 ? {} : { initContainerStatuses: facts.initContainers }),
    containerStatuses: facts.containers,
  };
}

/** Guaranteed when every container's requests are its limits; limits alone count as requests too. */
function qosClassOf({ spec }: Pod): string {
  const resources = spec.containers.map((container) => container.resources ?? {});
  if (resources.every(({ limits, requests }) => limits === undefined && requests === undefined))
    return 'BestEffort';
  const guaranteed = resources.every(({ limits = {}, requests = limits }) =>
    ['cpu', 'memory'].every((name) => limits[name] !== undefined && limits[name] === requests[name]),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

function phaseOf({ initialized, containers }: PodFacts): PodStatus['phase'] {
  if (!initialized) return 'Pending';
  const hasRun = ({ state, lastState }: ContainerStatus): boolean =>
    state.running !== undefined || state.terminated !== undefined || lastState.terminated !== undefined;
  return containers.some(hasRun) ? 'Running' : 'Pending';
}

function conditionsOf(pod: Pod, facts: PodFacts, now: Date): Condition[] {
  const before = pod.status?.conditions ?? [];
  const containersReady = readiness('ContainersReady', facts, []);
  const gates = (pod.spec.readinessGates ?? [])
    .map((gate) => gate.conditionType)
    .filter((type) => !before.some((each) => each.type === type && each.status === 'True'));
  const conditions: Condition[] = [
    facts.initialized
      ? { type: 'Initialized', status: 'True' }
      : { type: 'Initialized', status: 'False', reason: 'ContainersNotInitialized' },
    readiness('Ready', facts, gates),
    containersReady,
    { type: 'PodScheduled', status: 'True' },
  ];
  return conditions.reduce<Condition[]>((list, each) => setCondition(list, each, kubeTime(now)), [...before]);
}

function readiness(type: 'Ready' | 'ContainersReady', facts: PodFacts, gates: readonly string[]): Condition {
  if (facts.end?.phase === 'Succeeded') return { type, status: 'False', reason: 'PodCompleted' };
  if (facts.end?.phase === 'Failed') return { type, status: 'False', reason: 'PodFailed' };
  const unready = facts.containers.filter((each) => !each.ready).map((each) => each.name);
  if (unready.length > 0) {
    const message = `containers with unready status: [${unready.join(' ')}]`;
    return { type, status: 'False', reason: 'ContainersNotReady', message };
  }
  if (gates.length === 0) return { type, status: 'True' };
  const message = `corresponding condition of pod readiness gate ${JSON.stringify(gates[0])} does not exist.`;
  return { type, status: 'False', reason: 'ReadinessGatesNotReady', message };
}
