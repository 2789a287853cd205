/** Runs the router from any source of objects. */
import type { Server } from 'node:http';
import { createAdminServer } from './admin/create-admin-server.ts';
import { createRouterMetrics } from './admin/router-metrics.ts';
import { createHopLog } from './evidence/hop-log.ts';
import { createTrafficCounters } from './evidence/traffic-counters.ts';
import { BackendAgent } from './proxy/backend-agent.ts';
import type { TrafficContext } from './proxy/traffic-context.ts';
import { createTrafficListeners } from './proxy/traffic-listeners.ts';
import { listenOn } from './listen-on.ts';
import type { RouterLog } from './router-log.ts';
import type { RouteSource } from './route-source.ts';
import { buildRouteTable } from './table/build-route-table.ts';
import type { RouteTable } from './table/route-table.ts';

export interface RunRouterOptions {
  readonly source: RouteSource;
  readonly bindAddress: string;
  readonly adminPort: number;
  readonly adminToken: string;
  readonly log: RouterLog;
  readonly drainMs?: number;
  readonly connectTimeoutMs?: number;
}

export interface RunningRouter {
  readonly adminPort: number;
  /** The table of this moment. */
  table(): RouteTable;
  /** Stops accepting, lets exchanges finish, then cuts what is left. */
  close(): Promise<void>;
}

const DEFAULT_DRAIN_MS = 10_000;
const DEFAULT_CONNECT_TIMEOUT_MS = 5_000;
/** Servers commonly keep idle connections for 2 seconds or more; a shorter time here loses few races with them. */
const IDLE_BACKEND_CONNECTION_MS = 1_500;

export async function runRouter(options: RunRouterOptions): Promise<RunningRouter> {
  const { source, bindAddress, log } = options;
  let table: RouteTable = { byPort: new Map(), problems: [] };
  let isSynced = false;
  const context = createContext(() => table, options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS);
  const listeners = createTrafficListeners({ context, bindAddress, log });
  const admin = createAdminServer({
    ...context,
    token: options.adminToken,
    isReady: () => isSynced && listeners.isReady(),
  });
  const adminPort = await listenOn(admin, bindAddress, options.adminPort);
  const rebuild = coalesce(() => {
    // Before the first complete picture a request might miss the route that was made for it.
    if (!isSynced) return;
    const previous = table;
    table = buildRouteTable(source.inputs());
    context.metrics.tableReplaced(table);
    reportProblems(log, previous, table);
    listeners.sync(table.byPort.keys());
  });
  source.start(rebuild.request);
  void source.synced.then(() => {
    isSynced = true;
    rebuild.request();
  });
  return {
    adminPort,
    table: () => table,
    async close() {
      // Says at once that it is going, so that no new connections are sent here.
      isSynced = false;
      rebuild.stop();
      await source[Symbol.asyncDispose]();
      await listeners.close(options.drainMs ?? DEFAULT_DRAIN_MS);
      context.agent.destroy();
      await closeServer(admin);
    },
  };
}

function createContext(table: () => RouteTable, connectTimeoutMs: number): TrafficContext {
  return {
    table,
    connectTimeoutMs,
    hopLog: createHopLog(Date.now),
    counters: createTrafficCounters(),
    metrics: createRouterMetrics(),
    agent: new BackendAgent({
      keepAlive: true,
      timeout: IDLE_BACKEND_CONNECTION_MS,
      maxFreeSockets: 256,
      scheduling: 'lifo',
    }),
    freshAgent: new BackendAgent({ keepAlive: false }),
    now: Date.now,
    random: Math.random,
  };
}

/** Makes many requests in one turn of the event loop into one call in the next. */
function coalesce(act: () => void): { request: () => void; stop: () => void } {
  let pending: NodeJS.Immediate | undefined;
  let isStopped = false;
  return {
    request() {
      if (isStopped || pending !== undefined) return;
      pending = setImmediate(() => {
        pending = undefined;
        act();
      });
    },
    stop() {
      isStopped = true;
      clearImmediate(pending);
    },
  };
}

function reportProblems(log: RouterLog, previous: RouteTable, table: RouteTable): void {
  const known = new Set(previous.problems.map((problem) => JSON.stringify(problem)));
  for (const problem of table.problems) {
    if (!known.has(JSON.stringify(problem))) log.warn(problem, 'object cannot be kept');
  }
}

async function closeServer(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  await promise;
}
