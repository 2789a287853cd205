/** A router with real sockets: apps on ports of an address that no other test uses, and the router in front of them. */
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import { runRouter, type RunningRouter, type TraceEvidence } from '../src/index.ts';
import { listenOn } from '../src/listen-on.ts';
import {
  createManualSource,
  endpointSliceOf,
  routedServiceOf,
  serviceRouteOf,
  silentLog,
  type ManualSource,
} from '../src/testing/index.ts';

export const ADMIN_TOKEN = 'a-token-for-tests';

/** Every process and every call gets an address of its own in 127.0.0.0/8, so fixed ports never meet. */
let addresses = 0;
export function nextAddress(): string {
  addresses += 1;
  return `127.${64 + (process.pid % 128)}.${Math.floor(process.pid / 128) % 256}.${addresses % 256}`;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  readonly body: string;
  readonly trailers: IncomingMessage['trailers'];
}

export interface SendOptions {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>> | readonly string[];
  readonly body?: string | Buffer;
}

export interface RouterRig extends AsyncDisposable {
  readonly address: string;
  readonly router: RunningRouter;
  readonly source: ManualSource;
  /** Starts an app on a free port of the rig's address. */
  serve(listener: RequestListener): Promise<{ readonly port: number; readonly server: Server }>;
  /** Puts what the objects say into the source and waits until the router is ready. */
  route(objects: RouteObjects): Promise<void>;
  send(port: number, options?: SendOptions): Promise<Answer>;
  admin(path: string, token?: string): Promise<Answer>;
  evidence(traceId: string): Promise<TraceEvidence>;
}

export interface RouteObjects {
  readonly services: readonly object[];
  readonly httpRoutes: readonly object[];
  readonly endpointSlices: readonly object[];
}

export interface RigOptions {
  readonly drainMs?: number;
  readonly connectTimeoutMs?: number;
}

export async function createRouterRig(options: RigOptions = {}): Promise<RouterRig> {
  const address = nextAddress();
  const servers: Server[] = [];
  const source = createManualSource({ services: [], httpRoutes: [], endpointSlices: [] });
  const base = { source, bindAddress: address, adminPort: 0, adminToken: ADMIN_TOKEN, log: silentLog };
  const router = await runRouter({ ...base, drainMs: 2_000, ...options });
  const send = (port: number, sendOptions: SendOptions = {}) =>
    sendRequest({ host: address, port, ...sendOptions });
  const admin = (path: string, token = ADMIN_TOKEN) =>
    send(router.adminPort, { path, headers: { authorization: `Bearer ${token}` } });
  return {
    address,
    router,
    source,
    send,
    admin,
    async serve(listener) {
      const server = createServer(listener);
      servers.push(server);
      return { port: await listenOn(server, address, 0), server };
    },
    async route(objects) {
      source.set(objects);
      await until(async () => (await admin('/readyz')).status === 200 && samePorts(router, objects));
    },
    async evidence(traceId) {
      const evidence: TraceEvidence = JSON.parse((await admin(`/evidence/${traceId}`)).body);
      return evidence;
    },
    async [Symbol.asyncDispose]() {
      await router.close();
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

function samePorts(router: RunningRouter, objects: RouteObjects): boolean {
  return router.table().byPort.size === objects.services.length;
}

/** Tries again on every turn of the event loop until it is so. */
export async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await isSo())) {
    const { promise, resolve } = Promise.withResolvers<void>();
    setImmediate(resolve);
    await promise;
  }
}

/** One app behind the router on port 20000: everything goes to `app-baseline`, whose pod listens on `port`. */
export function objectsOfOneApp(address: string, port: number): RouteObjects {
  return {
    services: [routedServiceOf({ name: 'app', port: 20_000 })],
    httpRoutes: [serviceRouteOf({ service: 'app' })],
    endpointSlices: endpointSliceOf({
      service: 'app-baseline',
      endpoints: [{ address, port, pod: 'app-baseline-0' }],
    }),
  };
}

export async function sendRequest(
  target: SendOptions & { readonly host: string; readonly port: number },
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const { host, port, method = 'GET', path = '/', headers = {}, body } = target;
  const flat = isFlat(headers) ? headers : Object.entries({ host: `${host}:${port}`, ...headers }).flat();
  const outgoing = httpRequest({ host, port, method, path, headers: flat, agent: false }, (incoming) => {
    void readText(incoming).then((text) => {
      const { statusCode = 0, headers, rawHeaders, trailers } = incoming;
      resolve({ status: statusCode, headers, rawHeaders, body: text, trailers });
    }, reject);
  });
  outgoing.on('error', reject);
  outgoing.end(body);
  return promise;
}

type Headers = NonNullable<SendOptions['headers']>;

function isFlat(headers: Headers): headers is readonly string[] {
  return Array.isArray(headers);
}

export async function readText(incoming: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
