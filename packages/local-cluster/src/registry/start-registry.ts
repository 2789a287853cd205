/** Starts the local registry: the OCI distribution API v1.1 over plain HTTP on the loopback interface. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { readToEnd } from '../read-to-end.ts';
import { createBlobStore } from './blob-store.ts';
import { createManifestStore } from './manifest-store.ts';
import { RegistryError } from './registry-error.ts';
import { createRepositoryLayout } from './repository-layout.ts';
import { routeRegistryRequest } from './route-registry-request.ts';

export interface Registry {
  /** host:port, the first part of every image name. */
  readonly host: string;
  close(): Promise<void>;
}

/** For the rest of a request that is refused. */
const PATIENCE_MS = 5000;
/** Go clients keep an idle connection for 90 s: a server that closes it earlier may close it under a request. */
const KEEP_ALIVE_MS = 120_000;
const LOOPBACK_HOST = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?::\d+)?$/;

/**
 * Serves the images below `directory`; port 0 chooses a free one. Rejects with the system's error (EADDRINUSE, EACCES) when it
 * cannot listen.
 */
export async function startRegistry(options: {
  readonly directory: string;
  readonly port: number;
}): Promise<Registry> {
  const layout = createRepositoryLayout(options.directory);
  const blobs = createBlobStore(layout);
  const manifests = createManifestStore(layout, blobs);
  const server = createServer((request, response) => {
    void answer(request, response, async () => {
      assertFromThisMachine(request);
      await routeRegistryRequest({ request, response, blobs, manifests });
    });
  });
  server.requestTimeout = 0;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const port = await listen(server, options.port);
  return { host: `127.0.0.1:${port}`, close: () => close(server) };
}

/** Web pages must not reach the registry, neither by a name that resolves to loopback nor across origins. */
function assertFromThisMachine(request: IncomingMessage): void {
  const local = LOOPBACK_HOST.test(request.headers.host ?? '');
  if (!local || request.headers.origin !== undefined)
    throw new RegistryError('DENIED', 'for programs of this machine only');
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  handle: () => Promise<void>,
): Promise<void> {
  response.setHeader('docker-distribution-api-version', 'registry/2.0');
  try {
    await handle();
  } catch (error) {
    if (response.headersSent) {
      response.destroy();
      return;
    }
    await readToEnd(request, PATIENCE_MS);
    const known = error instanceof RegistryError;
    const body = known ? error.toJSON() : { errors: [{ code: 'UNKNOWN', message: 'the registry failed' }] };
    response.writeHead(known ? error.status : 500, { 'content-type': 'application/json' });
    response.end(request.method === 'HEAD' ? undefined : JSON.stringify(body));
  }
}

async function listen(server: Server, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, '127.0.0.1', resolve);
  await promise;
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

async function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  await promise;
}
