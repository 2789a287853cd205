/** Starts the API of the local cluster on an object store: kinds, controllers of its own, HTTPS server, kubeconfigs. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Controller, Log, Paths } from '../contracts/cluster-context.ts';
import type { ClusterObjectStore } from '../objects/cluster-object-store.ts';
import { createAuthenticator, type Authenticator } from './access/authenticator.ts';
import { renderKubeconfig } from './access/render-kubeconfig.ts';
import { loadServingCertificate } from './access/serving-certificate.ts';
import { createClaimController } from './controllers/bind-claims.ts';
import { createEventExpiry } from './controllers/expire-events.ts';
import { createNamespaceController } from './controllers/keep-namespaces.ts';
import { createCustomKindsController } from './controllers/serve-custom-kinds.ts';
import { createApiServer } from './http/create-api-server.ts';
import { createSnapshotPages } from './verbs/snapshot-pages.ts';
import { writePrivateFile } from '../write-private-file.ts';

export interface ApiOptions {
  readonly stateDir: string;
  readonly store: ClusterObjectStore;
  readonly paths: Pick<Paths, 'containerLog'>;
  /** 0 picks a free one. */
  readonly port: number;
  readonly log: Log;
  readonly now: () => Date;
}

export interface RunningApi {
  readonly url: string;
  /** The administrator's kubeconfig, readable by its owner alone. */
  readonly kubeconfigPath: string;
  /** The path of a kubeconfig for a service account; the file is made on demand. */
  serviceAccountKubeconfig(namespace: string, name: string): string;
  close(): Promise<void>;
}

const writePrivately = (path: string, text: string): string => {
  writePrivateFile(path, text);
  return path;
};

const startControllers = (controllers: readonly Controller[]): (() => Promise<void>) => {
  for (const controller of controllers) controller.start();
  return async () => {
    await Promise.all(controllers.map((controller) => controller.stop()));
  };
};

interface Access {
  readonly apiUrl: string;
  readonly certificate: string;
}

const accountKubeconfigs =
  (stateDir: string, access: Access, authenticator: Authenticator): RunningApi['serviceAccountKubeconfig'] =>
  (namespace, name) => {
    const directory = join(stateDir, 'kubeconfigs', namespace);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const token = authenticator.serviceAccountToken(namespace, name);
    return writePrivately(
      join(directory, `${name}.yaml`),
      renderKubeconfig({ ...access, name, token, namespace }),
    );
  };

const ownControllers = ({ store, log, now }: ApiOptions): readonly Controller[] => [
  createCustomKindsController({ store, log, now }),
  createNamespaceController(store),
  createClaimController(store),
  createEventExpiry(store, now),
];

/** Listens when it resolves. Rejects with the system's error when the port is taken. */
export const startApi = async (options: ApiOptions): Promise<RunningApi> => {
  const { stateDir, store, paths, port, log, now } = options;
  const authenticator = createAuthenticator(join(stateDir, 'token'));
  const certificate = await loadServingCertificate(stateDir);
  const stopControllers = startControllers(ownControllers(options));
  store.finishDeletions();
  const closing = new AbortController();
  const context = {
    store,
    paths,
    log,
    now,
    pages: createSnapshotPages(),
    authenticator,
    closing: closing.signal,
  };
  const server = await createApiServer(context, { port, certificate }).catch(async (fault: unknown) => {
    await stopControllers();
    throw fault;
  });
  const access = { apiUrl: server.url, certificate: certificate.cert };
  const admin = { name: 'tekton-dag-local', token: authenticator.adminToken, namespace: 'default' };
  return {
    url: server.url,
    kubeconfigPath: writePrivately(join(stateDir, 'kubeconfig'), renderKubeconfig({ ...access, ...admin })),
    serviceAccountKubeconfig: accountKubeconfigs(stateDir, access, authenticator),
    close: async () => {
      closing.abort();
      await server.close();
      await stopControllers();
    },
  };
};
