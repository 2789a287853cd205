/** Keeps the EndpointSlices and Endpoints of every Service with a selector in step with its pods. */

import { isDeepStrictEqual } from 'node:util';
import type { ClusterContext, Controller } from '../../contracts/cluster-context.ts';
import type { KubeObject, ObjectKey, ResourceKey } from '../../contracts/kube-object.ts';
import { createKeyController, keyOf, splitKey, type NamespacedName } from '../control/key-controller.ts';
import {
  ENDPOINT_SLICES,
  ENDPOINTS,
  isPod,
  isService,
  PODS,
  SERVICES,
  type Service,
} from '../specs/workload-objects.ts';
import type { ClusterNetwork } from './cluster-network.ts';
import { MANAGED_BY_LABEL, planEndpoints, SERVICE_NAME_LABEL, SLICE_CONTROLLER } from './plan-endpoints.ts';

/** Reacts to services, their pods, and slices that others change. */
export function createEndpointsController(context: ClusterContext, network: ClusterNetwork): Controller {
  const { store } = context;
  const servicesOf = (object: KubeObject): NamespacedName[] => {
    const labels = object.metadata.labels ?? {};
    const { items } = store.list(SERVICES, { namespace: object.metadata.namespace ?? '' });
    return items
      .filter(isService)
      .filter(({ spec }) => hasAll(labels, spec.selector))
      .map(keyOf);
  };
  return createKeyController({
    name: 'endpoints',
    store,
    log: context.log,
    sources: [
      { resource: SERVICES, keysOf: (object) => [keyOf(object)] },
      { resource: PODS, keysOf: servicesOf },
    ],
    prepare: () => network.open(),
    reconcile: (key) => reconcileEndpoints(context, network, key),
  });
}

/** False without a selector: such a service's endpoints are somebody else's. */
function hasAll(
  labels: Readonly<Record<string, string>>,
  selector: Record<string, string> | undefined,
): boolean {
  const pairs = Object.entries(selector ?? {});
  return pairs.length > 0 && pairs.every(([key, value]) => labels[key] === value);
}

function reconcileEndpoints({ store }: ClusterContext, network: ClusterNetwork, key: NamespacedName): void {
  const { namespace, name } = splitKey(key);
  const service = store.get({ ...SERVICES, namespace, name });
  if (service === undefined || !isService(service) || !isManaged(service)) return;
  const pods = store.list(PODS, { namespace, labels: service.spec.selector ?? {} }).items.filter(isPod);
  const { slices, endpoints } = planEndpoints(service, pods, (podUid) => network.portsOf(podUid));
  const labels = { [SERVICE_NAME_LABEL]: name, [MANAGED_BY_LABEL]: SLICE_CONTROLLER };
  const existing = store.list(ENDPOINT_SLICES, { namespace, labels }).items;
  for (const slice of slices) put(store, ENDPOINT_SLICES, slice);
  const wanted = new Set(slices.map((slice) => slice.metadata.name));
  for (const slice of existing.filter((each) => !wanted.has(each.metadata.name))) {
    store.delete({ ...ENDPOINT_SLICES, namespace, name: slice.metadata.name ?? '' });
  }
  put(store, ENDPOINTS, endpoints);
}

function isManaged({ spec, metadata }: Service): boolean {
  if (spec.type === 'ExternalName' || metadata.deletionTimestamp !== undefined) return false;
  return Object.keys(spec.selector ?? {}).length > 0;
}

function put(store: ClusterContext['store'], resource: ResourceKey, wanted: KubeObject): void {
  const { namespace = '', name = '' } = wanted.metadata;
  const key: ObjectKey = { ...resource, namespace, name };
  const current = store.get(key);
  const outcome =
    current === undefined ? store.create(resource, wanted) : replace(store, resource, current, wanted);
  if (outcome !== undefined && !outcome.ok) throw new Error(outcome.error.message);
}

function replace(
  store: ClusterContext['store'],
  resource: ResourceKey,
  current: KubeObject,
  wanted: KubeObject,
): ReturnType<ClusterContext['store']['update']> | undefined {
  const next = { ...wanted, metadata: { ...current.metadata, labels: wanted.metadata.labels ?? {} } };
  return isDeepStrictEqual(next, current) ? undefined : store.update(resource, next);
}
