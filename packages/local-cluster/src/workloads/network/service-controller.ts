/** Gives Services their addresses and forwards address:port to ready endpoints. */

import type { ClusterContext, Controller } from '../../contracts/cluster-context.ts';
import { createKeyController, keyOf, splitKey, type NamespacedName } from '../control/key-controller.ts';
import { recordEvent } from '../control/record-event.ts';
import {
  ENDPOINT_SLICES,
  isEndpointSlice,
  isService,
  SERVICES,
  type Service,
} from '../specs/workload-objects.ts';
import type { ClusterNetwork } from './cluster-network.ts';
import { SERVICE_NAME_LABEL } from './plan-endpoints.ts';
import { startTcpForwarder, type Endpoint, type TcpForwarder } from './tcp-forwarder.ts';

const LISTEN_RETRY_MS = 2_000;

type ServicePort = NonNullable<Service['spec']['ports']>[number];

/** One forwarder per service port; they live as long as the service has that address and port. */
export function createServiceController(context: ClusterContext, network: ClusterNetwork): Controller {
  const forwarders = new Map<NamespacedName, TcpForwarder[]>();
  const closeAll = async (key: NamespacedName): Promise<void> => {
    const open = forwarders.get(key) ?? [];
    forwarders.delete(key);
    await Promise.all(open.map((forwarder) => forwarder.close()));
  };

  const reconcile = async (key: NamespacedName): Promise<void | number> => {
    const service = context.store.get({ ...SERVICES, ...splitKey(key) });
    if (service === undefined || !isService(service) || service.metadata.deletionTimestamp !== undefined) {
      await closeAll(key);
      return;
    }
    const address = assignAddress(context, network, service);
    if (address === undefined) return await closeAll(key);
    const wanted = tcpPorts(service);
    if (!isServed(forwarders.get(key) ?? [], address, wanted)) {
      await closeAll(key);
      return await openForwarders(context, service, forwarders, { key, address, wanted });
    }
  };

  return createKeyController({
    name: 'service',
    store: context.store,
    log: context.log,
    sources: [{ resource: SERVICES, keysOf: (object) => [keyOf(object)] }],
    prepare: () => network.open(),
    reconcile,
    finish: async () => {
      for (const key of forwarders.keys()) await closeAll(key);
    },
  });
}

/** The service's own address; undefined for headless and external services. Stores a newly chosen one. */
function assignAddress(
  context: ClusterContext,
  network: ClusterNetwork,
  service: Service,
): string | undefined {
  const { clusterIP = '', type } = service.spec;
  if (clusterIP === 'None' || type === 'ExternalName') return undefined;
  if (clusterIP !== '' && network.isServiceAddress(clusterIP)) return clusterIP;
  const taken = new Set(
    context.store
      .list(SERVICES)
      .items.filter(isService)
      .map(({ spec }) => spec.clusterIP ?? ''),
  );
  const address = network.serviceAddress(service.metadata.uid ?? '', taken);
  const spec = { ...service.spec, clusterIP: address, clusterIPs: [address] };
  const stored = context.store.update(SERVICES, { ...service, spec });
  if (!stored.ok) throw new Error(stored.error.message);
  return address;
}

function tcpPorts({ spec }: Service): ServicePort[] {
  return (spec.ports ?? []).filter(({ protocol = 'TCP' }) => protocol === 'TCP');
}

function isServed(open: readonly TcpForwarder[], address: string, wanted: readonly ServicePort[]): boolean {
  const ports = open.filter((each) => each.address === address).map((each) => each.port);
  return ports.length === wanted.length && wanted.every(({ port }) => ports.includes(port));
}

async function openForwarders(
  context: ClusterContext,
  service: Service,
  forwarders: Map<NamespacedName, TcpForwarder[]>,
  { key, address, wanted }: { key: NamespacedName; address: string; wanted: readonly ServicePort[] },
): Promise<void | number> {
  const open: TcpForwarder[] = [];
  forwarders.set(key, open);
  try {
    for (const { port, name } of wanted) {
      open.push(await startTcpForwarder(address, port, () => readyEndpoints(context, key, name)));
    }
  } catch (error) {
    const message = `cannot listen at the service's address: ${error instanceof Error ? error.message : String(error)}`;
    recordEvent(context, service, {
      type: 'Warning',
      reason: 'FailedToListen',
      message,
      component: 'kube-proxy',
    });
    return LISTEN_RETRY_MS;
  }
}

/** From the EndpointSlices of the service, whoever wrote them. */
function readyEndpoints(
  { store }: ClusterContext,
  key: NamespacedName,
  portName: string | undefined,
): Endpoint[] {
  const { namespace, name } = splitKey(key);
  const { items } = store.list(ENDPOINT_SLICES, { namespace, labels: { [SERVICE_NAME_LABEL]: name } });
  return items.filter(isEndpointSlice).flatMap((slice) => {
    const port = slice.ports?.find((each) => (each.name ?? '') === (portName ?? ''))?.port;
    if (port === undefined) return [];
    return slice.endpoints
      .filter((endpoint) => endpoint.conditions?.ready !== false)
      .flatMap((endpoint) => endpoint.addresses.map((address) => ({ address, port })));
  });
}
