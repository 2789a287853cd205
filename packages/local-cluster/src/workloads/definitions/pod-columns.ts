/** The columns of `kubectl get pods`, as the printers of Kubernetes compute them. */

import type { KubeObject } from '../../contracts/kube-object.ts';
import type { PrinterColumn } from '../../contracts/resource-definition.ts';
import { renderAge } from './render-age.ts';
import { isPod, type ContainerStatus, type Pod } from '../specs/workload-objects.ts';

const forPod =
  (read: (pod: Pod) => string): PrinterColumn['value'] =>
  (object: KubeObject) =>
    isPod(object) ? read(object) : undefined;

export const podColumns: readonly PrinterColumn[] = [
  {
    name: 'Ready',
    type: 'string',
    description: 'Containers that are ready, of all.',
    value: forPod(renderReady),
  },
  {
    name: 'Status',
    type: 'string',
    description: 'Phase, or why the pod is not well.',
    value: forPod(renderPodStatus),
  },
  {
    name: 'Restarts',
    type: 'string',
    description: 'Restarts of all containers.',
    value: forPod(renderRestarts),
  },
  { name: 'IP', type: 'string', priority: 1, value: forPod((pod) => pod.status?.podIP ?? '<none>') },
  { name: 'Node', type: 'string', priority: 1, value: forPod((pod) => pod.spec.nodeName ?? '<none>') },
  { name: 'Nominated Node', type: 'string', priority: 1, value: forPod(() => '<none>') },
  { name: 'Readiness Gates', type: 'string', priority: 1, value: forPod(renderReadinessGates) },
];

/** The STATUS cell: phase, waiting or end reason, progress of the init containers, or Terminating. */
export function renderPodStatus(pod: Pod): string {
  const { status } = pod;
  if (pod.metadata.deletionTimestamp !== undefined) return 'Terminating';
  const phase = status?.reason ?? status?.phase ?? 'Unknown';
  return renderInitStatus(pod) ?? renderMainStatus(status?.containerStatuses ?? [], phase);
}

function renderReady({ spec, status }: Pod): string {
  const ready = (status?.containerStatuses ?? []).filter((each) => each.ready).length;
  const sidecars = (spec.initContainers ?? []).filter((each) => each.restartPolicy === 'Always');
  const names = new Set(sidecars.map((each) => each.name));
  const readySidecars = (status?.initContainerStatuses ?? []).filter(
    (each) => each.ready && names.has(each.name),
  ).length;
  return `${ready + readySidecars}/${spec.containers.length + sidecars.length}`;
}

function renderInitStatus({ spec, status }: Pod): string | undefined {
  const containers = spec.initContainers ?? [];
  const statusOf = (name: string): ContainerStatus | undefined =>
    status?.initContainerStatuses?.find((each) => each.name === name);
  const index = containers.findIndex(
    (each) => !hasPassed(each.restartPolicy === 'Always', statusOf(each.name)),
  );
  if (index === -1) return undefined;
  const own = statusOf(containers[index]?.name ?? '');
  const reason = own === undefined ? undefined : (failureOf(own) ?? waitingOf(own));
  const plain = reason === undefined || reason === 'PodInitializing';
  return plain ? `Init:${index}/${containers.length}` : `Init:${reason}`;
}

/** A sidecar is passed when it has started, another init container when it has succeeded. */
function hasPassed(isSidecar: boolean, status: ContainerStatus | undefined): boolean {
  return isSidecar ? status?.started === true : status?.state.terminated?.exitCode === 0;
}

function renderMainStatus(statuses: readonly ContainerStatus[], phase: string): string {
  const reasons = statuses.map((each) => waitingOf(each) ?? endOf(each)).filter((each) => each !== undefined);
  const reason = reasons[0] ?? phase;
  const running = statuses.some((each) => each.ready && each.state.running !== undefined);
  return reason === 'Completed' && running ? 'Running' : reason;
}

const waitingOf = ({ state }: ContainerStatus): string | undefined => state.waiting?.reason;

function endOf({ state }: ContainerStatus): string | undefined {
  const { terminated } = state;
  if (terminated === undefined) return undefined;
  if (terminated.reason !== '') return terminated.reason;
  return terminated.signal === undefined ? `ExitCode:${terminated.exitCode}` : `Signal:${terminated.signal}`;
}

function failureOf(status: ContainerStatus): string | undefined {
  return status.state.terminated === undefined ? undefined : endOf(status);
}

function renderRestarts({ status }: Pod): string {
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const count = all.reduce((sum, each) => sum + each.restartCount, 0);
  const times = all.map((each) => each.lastState.terminated?.finishedAt).filter((each) => each !== undefined);
  const last = times.toSorted().at(-1);
  return count === 0 || last === undefined ? String(count) : `${count} (${renderAge(last)} ago)`;
}

function renderReadinessGates({ spec, status }: Pod): string {
  const gates = spec.readinessGates ?? [];
  if (gates.length === 0) return '<none>';
  const isTrue = (type: string): boolean =>
    status?.conditions?.some((each) => each.type === type && each.status === 'True') ?? false;
  return `${gates.filter((gate) => isTrue(gate.conditionType)).length}/${gates.length}`;
}
