/** FakeApiServer: a small Kubernetes API over real HTTP that tests can hurt: cut watches, 410, 409, silence. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { KubeConfig } from '../config/kube-config.ts';
import type { GenericObject } from '../kube-object.ts';
import { FakeStore } from './fake-store.ts';
import { handleRequest, type PlannedFailure, type Target, type TokenUser } from './handle-request.ts';
import type { SeenRequest } from './seen-request.ts';
import { parseTarget } from './parse-target.ts';
import { WatchHub } from './watch-hub.ts';

export interface FakeApiServer extends AsyncDisposable {
  readonly url: string;
  /** A configuration that reaches this server without credentials. */
  readonly config: KubeConfig;
  readonly requests: readonly SeenRequest[];
  /** Watches that are open now. */
  readonly openWatches: number;
  /** Writes as another client would; `path` is the collection, e.g. `/api/v1/namespaces/a/pods`. */
  put(path: string, object: GenericObject): GenericObject;
  remove(path: string, name: string): void;
  get(path: string, name: string): GenericObject | undefined;
  /** The next `count` requests that match are refused. */
  failNext(failure: PlannedFailure): void;
  /** Ends every open watch at once, as a dying connection does, even inside a line. */
  cutWatches(): void;
  /** Ends every open watch as the server's own timeout does. */
  endWatches(): void;
  /** While true, open watches and new ones say nothing, as a dead socket does. */
  stallWatches(stalled: boolean): void;
  /** Sends the present version to every open watch. */
  sendBookmarks(): void;
  /** Writes raw text into every open watch. */
  sendRaw(text: string): void;
  /** Forgets history: resuming below the present version answers 410, and so does a continue token. */
  compact(): void;
  /** What `GET .../pods/<name>/log` answers; `<path>#<container>` for one container. */
  setLog(podPath: string, text: string): void;
  /** The next log that is read breaks off after so many characters. */
  cutNextLog(characters: number): void;
  /** A TokenReview of `token` answers `user` from now on. */
  setToken(token: string, user: TokenUser): void;
}

/** Older ones are forgotten: a load test must not fill the memory. */
const MAX_REQUESTS = 50_000;

/** Listens on an ephemeral loopback port. */
export async function startFakeApiServer(): Promise<FakeApiServer> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return new LoopbackApiServer(server);
}

class LoopbackApiServer implements FakeApiServer {
  readonly url: string;
  readonly requests: SeenRequest[] = [];
  readonly #server: Server;
  readonly #store = new FakeStore();
  readonly #watches = new WatchHub(this.#store);
  readonly #failures: PlannedFailure[] = [];
  readonly #logs = new Map<string, string>();
  readonly #logCuts: number[] = [];
  readonly #users = new Map<string, TokenUser>();

  constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${portOf(server)}`;
    server.on('request', (request, response) => void this.#serve(request, response));
  }

  get config(): KubeConfig {
    return {
      server: this.url,
      namespace: 'default',
      contextName: 'fake',
      insecureSkipTlsVerify: false,
      credentials: {},
      source: 'fake',
    };
  }

  get openWatches(): number {
    return this.#watches.size;
  }

  put(path: string, object: GenericObject): GenericObject {
    return this.#store.put(this.#target(path), object);
  }

  remove(path: string, name: string): void {
    this.#store.remove(this.#target(path), name);
  }

  get(path: string, name: string): GenericObject | undefined {
    return this.#store.get(this.#target(path), name);
  }

  failNext(failure: PlannedFailure): void {
    this.#failures.push(failure);
  }

  cutWatches(): void {
    this.#watches.cut();
  }

  endWatches(): void {
    this.#watches.end();
  }

  stallWatches(stalled: boolean): void {
    this.#watches.stalled = stalled;
  }

  sendBookmarks(): void {
    this.#watches.bookmark();
  }

  sendRaw(text: string): void {
    this.#watches.write(text);
  }

  compact(): void {
    this.#store.compact();
  }

  setLog(podPath: string, text: string): void {
    this.#logs.set(podPath, text);
  }

  cutNextLog(characters: number): void {
    this.#logCuts.push(characters);
  }

  setToken(token: string, user: TokenUser): void {
    this.#users.set(token, user);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#watches.cut();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  #target(path: string): Target {
    const target = parseTarget(path);
    if (target === undefined) throw new Error(`not a path of the API: ${path}`);
    return target;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const text = await readBody(request);
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    const seen = {
      method: request.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body,
    };
    this.requests.push(seen);
    if (this.requests.length > MAX_REQUESTS) this.requests.splice(0, MAX_REQUESTS / 2);
    handleRequest(
      {
        store: this.#store,
        watches: this.#watches,
        failures: this.#failures,
        logs: this.#logs,
        logCuts: this.#logCuts,
        users: this.#users,
      },
      seen,
      response,
    );
  }
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen');
  return address.port;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
