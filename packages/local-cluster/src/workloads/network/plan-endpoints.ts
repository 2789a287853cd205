/** Decides which EndpointSlices and Endpoints a Service has. Pure. */

import { createHash } from 'node:crypto';
import type { KubeObject } from '../../contracts/kube-object.ts';
import { isPodReady, isPodFinished } from '../specs/pod-state.ts';
import type { Pod, Service } from '../specs/workload-objects.ts';

export const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';
export const MANAGED_BY_LABEL = 'endpointslice.kubernetes.io/managed-by';
export const SLICE_CONTROLLER = 'endpointslice-controller.k8s.io';

/** Where a declared container port of a pod is really served; undefined when the pod does not run here. */
export type HostPorts = (podUid: string) => ReadonlyMap<number, number> | undefined;

interface PlannedEndpoint {
  readonly pod: Pod;
  readonly address: string;
  readonly ready: boolean;
  readonly ports: readonly { readonly name: string; readonly port: number; readonly protocol: string }[];
}

/** The objects that should exist. Every pod has host ports of its own, so every pod has a slice of its own. */
export function planEndpoints(
  service: Service,
  pods: readonly Pod[],
  hostPorts: HostPorts,
): { readonly slices: readonly KubeObject[]; readonly endpoints: KubeObject } {
  const planned = pods
    .map((pod) => planEndpoint(service, pod, hostPorts))
    .filter((endpoint) => endpoint !== undefined)
    .toSorted((one, other) => (nameOf(one.pod) < nameOf(other.pod) ? -1 : 1));
  return {
    slices: planned.map((endpoint) => renderSlice(service, endpoint)),
    endpoints: {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { ...identityOf(service), name: nameOf(service), labels: { ...service.metadata.labels } },
      ...(planned.length === 0 ? {} : { subsets: planned.map(renderSubset) }),
    },
  };
}

function planEndpoint(service: Service, pod: Pod, hostPorts: HostPorts): PlannedEndpoint | undefined {
  const address = pod.status?.podIP;
  const allotted = hostPorts(pod.metadata.uid ?? '');
  if (address === undefined || allotted === undefined || isPodFinished(pod)) return undefined;
  const ports = (service.spec.ports ?? []).flatMap((port) => {
    const target = targetPortOf(port.targetPort ?? port.port, pod);
    if (target === undefined) return [];
    const { name = '', protocol = 'TCP' } = port;
    return [{ name, port: allotted.get(target) ?? target, protocol }];
  });
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const ready = (isPodReady(pod) || service.spec.publishNotReadyAddresses === true) && !terminating;
  return { pod, address, ready, ports };
}

/** A number is used as it is; a name is looked up in the pod's containers. */
function targetPortOf(target: string | number, { spec }: Pod): number | undefined {
  if (typeof target === 'number') return target;
  const ports = spec.containers.flatMap((container) => container.ports ?? []);
  return ports.find((port) => port.name === target)?.containerPort;
}

function renderSlice(service: Service, { pod, address, ready, ports }: PlannedEndpoint): KubeObject {
  const hash = createHash('sha256')
    .update(pod.metadata.uid ?? '')
    .digest('hex')
    .slice(0, 5);
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      ...identityOf(service),
      name: `${nameOf(service)}-${hash}`,
      labels: {
        ...service.metadata.labels,
        [SERVICE_NAME_LABEL]: nameOf(service),
        [MANAGED_BY_LABEL]: SLICE_CONTROLLER,
      },
    },
    addressType: 'IPv4',
    endpoints: [
      {
        addresses: [address],
        conditions: {
          ready,
          serving: isPodReady(pod),
          terminating: pod.metadata.deletionTimestamp !== undefined,
        },
        targetRef: referenceTo(pod),
        nodeName: pod.spec.nodeName,
      },
    ],
    ports: ports.map((port) => ({ ...port })),
  };
}

function renderSubset({ pod, address, ready, ports }: PlannedEndpoint): Record<string, unknown> {
  const addresses = [{ ip: address, nodeName: pod.spec.nodeName, targetRef: referenceTo(pod) }];
  const named = ports.map(({ name, ...port }) => (name === '' ? port : { name, ...port }));
  return { [ready ? 'addresses' : 'notReadyAddresses']: addresses, ports: named };
}

function referenceTo({ metadata }: Pod): Record<string, unknown> {
  return { kind: 'Pod', namespace: metadata.namespace, name: metadata.name, uid: metadata.uid };
}

function identityOf(service: Service): Pick<KubeObject['metadata'], 'namespace' | 'ownerReferences'> {
  const { namespace = '', uid = '' } = service.metadata;
  return {
    namespace,
    ownerReferences: [
      {
        apiVersion: 'v1',
        kind: 'Service',
        name: nameOf(service),
        uid,
        controller: true,
        blockOwnerDeletion: true,
      },
    ],
  };
}

const nameOf = (object: KubeObject): string => object.metadata.name ?? '';
