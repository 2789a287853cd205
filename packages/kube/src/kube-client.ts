/** KubeClient: the door to one API server. */

import type { KubeConfig } from './config/kube-config.ts';
import type { GenericObject, KubeObject } from './kube-object.ts';
import type { ResourceDefinition } from './kinds.ts';
import { createResourceClient } from './create-resource-client.ts';
import type { ResourceClient } from './resource-client.ts';
import { createTransport, type Transport, type TransportOptions } from './transport.ts';

export interface KubeClient extends AsyncDisposable {
  /** Base URL of the API. */
  readonly server: string;
  /** Namespace of the kubeconfig's context, or of the pod. */
  readonly defaultNamespace: string;
  /** The verbs on one kind; without a namespace, on all namespaces. */
  resource<T extends KubeObject = GenericObject>(
    definition: ResourceDefinition<T>,
    namespace?: string,
  ): ResourceClient<T>;
  /** Any path below the server's URL, e.g. `/version` or `/readyz`, as text. */
  getText(path: string, options?: { readonly signal?: AbortSignal }): Promise<string>;
  /** Ends every open connection. */
  close(): Promise<void>;
}

/** Makes a client; nothing is loaded or connected before the first request. */
export function createKubeClient(config: KubeConfig, options: TransportOptions = {}): KubeClient {
  return createClientOn(createTransport(config, options), config);
}

function createClientOn(transport: Transport, config: KubeConfig): KubeClient {
  return {
    server: config.server,
    defaultNamespace: config.namespace,
    resource: <T extends KubeObject>(definition: ResourceDefinition<T>, namespace?: string) =>
      createResourceClient(transport, definition, namespace),
    async getText(path, { signal } = {}) {
      const answer = await transport.send({ method: 'GET', path, signal });
      return answer.text();
    },
    close: () => transport.close(),
    [Symbol.asyncDispose]: () => transport.close(),
  };
}
