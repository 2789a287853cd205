/** What a tap's table is made of: objects that are given, and the endpoints of one backend, followed over the API. */
import { createReflector, kinds, type KubeClient } from '@tekton-dag/kube';
import type { RouterLog } from './router-log.ts';
import type { RouteSource } from './route-source.ts';

/** The objects of a tap: one routed Service, and the route of the session. */
export interface TapObjects {
  readonly services: readonly unknown[];
  readonly httpRoutes: readonly unknown[];
}

export interface TapSourceOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  /** The Service on the pull request's pods. */
  readonly backend: string;
  readonly objects: TapObjects;
  readonly log: RouterLog;
}

/** Needs list and watch on EndpointSlices in the namespace. A failing watch keeps the last picture and is retried for ever. */
export function createTapSource({ client, namespace, backend, objects, log }: TapSourceOptions): RouteSource {
  const slices = createReflector(client.resource(kinds.endpointslices, namespace), {
    labelSelector: `kubernetes.io/service-name=${backend}`,
    onError: (error, retryInMs) => {
      const reason = error instanceof Error ? error.message : String(error);
      log.warn({ kind: 'EndpointSlice', reason, retryInMs }, 'watch failed');
    },
  });
  return {
    start(onChange) {
      slices.on(onChange);
      slices.start();
    },
    synced: slices.synced,
    inputs: () => ({ ...objects, endpointSlices: slices.items() }),
    [Symbol.asyncDispose]: () => slices[Symbol.asyncDispose](),
  };
}
