/** Finds the endpoints of a Service from its EndpointSlices. */
import type { EndpointSliceObject } from './parse-route-object.ts';
import type { Endpoint } from './route-table.ts';

/** Ready endpoints of a Service, or undefined when it has no EndpointSlice at all. */
export type EndpointIndex = (
  namespace: string,
  service: string,
  servicePort: number | undefined,
) => readonly Endpoint[] | undefined;

const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';

interface Candidate extends Endpoint {
  readonly isReady: boolean;
  readonly isServing: boolean;
}

export function indexEndpoints(slices: readonly EndpointSliceObject[]): EndpointIndex {
  const byService = new Map<string, EndpointSliceObject[]>();
  for (const slice of slices) {
    const service = slice.metadata.labels[SERVICE_NAME_LABEL];
    if (service === undefined || slice.addressType === 'FQDN') continue;
    const key = `${slice.metadata.namespace}/${service}`;
    const group = byService.get(key) ?? [];
    group.push(slice);
    byService.set(key, group);
  }
  return (namespace, service, servicePort) => {
    const group = byService.get(`${namespace}/${service}`);
    return group === undefined ? undefined : usableEndpoints(group, servicePort);
  };
}

/** Ready endpoints; when there are none, those that end but still serve, as kube-proxy does (KEP-1669). */
function usableEndpoints(
  slices: readonly EndpointSliceObject[],
  servicePort: number | undefined,
): Endpoint[] {
  const candidates = new Map<string, Candidate>();
  for (const slice of slices) {
    const port = choosePort(slice, servicePort);
    if (port === undefined) continue;
    for (const endpoint of slice.endpoints ?? []) addCandidates(candidates, endpoint, port);
  }
  const all = [...candidates.values()];
  const ready = all.filter((candidate) => candidate.isReady);
  const usable = ready.length > 0 ? ready : all.filter((candidate) => candidate.isServing);
  return usable.map(({ address, port, pod }) => ({ address, port, pod }));
}

function addCandidates(
  candidates: Map<string, Candidate>,
  endpoint: NonNullable<EndpointSliceObject['endpoints']>[number],
  port: number,
): void {
  const pod = endpoint.targetRef?.kind === 'Pod' ? (endpoint.targetRef.name ?? '') : '';
  // A condition that is absent counts as true, except `serving`, which is there only since Kubernetes 1.26.
  const isReady = endpoint.conditions?.ready !== false;
  const isServing = endpoint.conditions?.serving === true;
  for (const address of endpoint.addresses) {
    candidates.set(`${address} ${port}`, { address, port, pod, isReady, isServing });
  }
}

/**
 * Slices name ports; backendRefs number them by the Service's own ports, which the router does not read for backends.
 * One port needs no choice. Of several, the one of the same number, else the one called "http".
 */
function choosePort(slice: EndpointSliceObject, servicePort: number | undefined): number | undefined {
  const ports = slice.ports ?? [];
  const chosen =
    ports.length === 1
      ? ports[0]
      : (ports.find((port) => port.port === servicePort) ?? ports.find((port) => port.name === 'http'));
  return chosen?.port ?? undefined;
}
