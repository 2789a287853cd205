/** Follows Services, HTTPRoutes and EndpointSlices over the Kubernetes API, and nothing else. */
import {
  createReflector,
  kinds,
  type KubeClient,
  type KubeObject,
  type Reflector,
  type ResourceClient,
} from '@tekton-dag/kube';
import type { RouterLog } from './router-log.ts';
import type { RouteSource } from './route-source.ts';

/** Services that the router serves carry this label. */
const ROUTED_SELECTOR = 'tekton-dag.io/routed=true';

export interface ClusterSourceOptions {
  readonly client: KubeClient;
  readonly namespaces: readonly string[];
  readonly log: RouterLog;
}

/** Needs list and watch on the three kinds in each namespace. A failing watch keeps the last picture and is retried for ever. */
export function createClusterSource({ client, namespaces, log }: ClusterSourceOptions): RouteSource {
  const follow = <T extends KubeObject>(resource: ResourceClient<T>, labelSelector?: string): Reflector<T> =>
    createReflector(resource, {
      labelSelector,
      onError: (error, retryInMs) => {
        const reason = error instanceof Error ? error.message : String(error);
        log.warn({ kind: resource.definition.kind, reason, retryInMs }, 'watch failed');
      },
    });
  const services = namespaces.map((name) => follow(client.resource(kinds.services, name), ROUTED_SELECTOR));
  const httpRoutes = namespaces.map((name) => follow(client.resource(kinds.httproutes, name)));
  const endpointSlices = namespaces.map((name) => follow(client.resource(kinds.endpointslices, name)));
  const all = [...services, ...httpRoutes, ...endpointSlices];
  return {
    start(onChange) {
      for (const reflector of all) {
        reflector.on(onChange);
        reflector.start();
      }
    },
    synced: Promise.all(all.map((reflector) => reflector.synced)).then(() => undefined),
    inputs: () => ({
      services: services.flatMap((reflector) => reflector.items()),
      httpRoutes: httpRoutes.flatMap((reflector) => reflector.items()),
      endpointSlices: endpointSlices.flatMap((reflector) => reflector.items()),
    }),
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((reflector) => reflector[Symbol.asyncDispose]()));
    },
  };
}
