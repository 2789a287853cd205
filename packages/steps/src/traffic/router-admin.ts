/** What all routers and taps know: evidence of traces and counters, merged (docs/architecture.md, Router). */
import { LABEL, type Intercepts } from '@tekton-dag/model';
import { kinds, type KubeClient } from '@tekton-dag/kube';
import { StepFailure } from '../step-failure.ts';
import { adminUrl, askReplica, type AdminReplica } from './admin-replica.ts';
import {
  countersSchema,
  evidenceSchema,
  routesSchema,
  type CountersAnswer,
  type Evidence,
  type RoutesAnswer,
} from './evidence.ts';
import { mergeTapHops } from './merge-tap-hops.ts';
import { requireTaps } from './require-tap.ts';
import { ROUTER_NAME } from './router-name.ts';
import { readRouterToken } from './router-token.ts';

/** Requests by `<namespace>/<service>` and then by backend. */
export type Counters = ReadonlyMap<
  string,
  ReadonlyMap<string, { readonly tagged: number; readonly untagged: number }>
>;

/** A ready router and the routes that it sends to a pod, as `<namespace>/<name>`. */
export interface RouterRoutes {
  /** `<namespace>/<pod>`; it serves the apps of its namespace. */
  readonly router: string;
  readonly namespace: string;
  readonly routes: ReadonlySet<string>;
}

export interface RouterAdmin {
  evidence(traceId: string): Promise<Evidence>;
  counters(): Promise<Counters>;
  /** Of each router by itself: one may know a route before another does. */
  routes(): Promise<readonly RouterRoutes[]>;
}

const isReady = (pod: { status?: { conditions?: { type: string; status: string }[] } }): boolean =>
  pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;

const findReplicas = async (client: KubeClient, namespace: string): Promise<AdminReplica[]> => {
  const labelSelector = `${LABEL.name}=${ROUTER_NAME}`;
  const { items } = await client.resource(kinds.pods, namespace).list({ labelSelector });
  const token = await readRouterToken(client, namespace);
  const replicas = items.filter(isReady).flatMap((pod) => {
    const address = pod.status?.podIP;
    if (address === undefined) return [];
    return [{ url: adminUrl(address), token, name: `${namespace}/${pod.metadata?.name ?? ''}` }];
  });
  if (replicas.length > 0) return replicas;
  throw new StepFailure(`no router is ready in namespace ${namespace}`, {
    code: 'ROUTER_MISSING',
    hint: 'bootstrap the stack first (pipeline stack-bootstrap)',
  });
};

const addCounters = (
  totals: Map<string, Map<string, { tagged: number; untagged: number }>>,
  { services }: CountersAnswer,
): void => {
  for (const { namespace, service, backends } of services) {
    const key = `${namespace}/${service}`;
    const known = totals.get(key) ?? new Map<string, { tagged: number; untagged: number }>();
    totals.set(key, known);
    for (const { backend, tagged, untagged } of backends) {
      const sum = known.get(backend) ?? { tagged: 0, untagged: 0 };
      known.set(backend, { tagged: sum.tagged + tagged, untagged: sum.untagged + untagged });
    }
  }
};

const askAll = async (
  replicas: readonly AdminReplica[],
  path: string,
  signal: AbortSignal,
): Promise<unknown[]> =>
  (await Promise.all(replicas.map((replica) => askReplica(replica, path, signal)))).filter(
    (answer) => answer !== undefined,
  );

const readEvidence = async (
  replicas: readonly AdminReplica[],
  traceId: string,
  signal: AbortSignal,
): Promise<Evidence> => {
  const answers = await askAll(replicas, `/evidence/${traceId}`, signal);
  const parsed = answers.map((answer) => evidenceSchema.parse(answer));
  return {
    hops: parsed.flatMap(({ hops }) => hops).sort((a, b) => a.timeUnixMs - b.timeUnixMs),
    untagged: parsed.flatMap(({ untagged }) => untagged),
  };
};

/** What a tap had to refuse counts as untagged traffic that came to the pull request's pods: it was stolen for them. */
const tapCounters = (
  { services }: CountersAnswer,
  backendOf: (service: string) => string,
): CountersAnswer => ({
  services: services.map(({ backends, ...place }) => ({
    ...place,
    backends: backends.map((entry) =>
      entry.backend === ''
        ? { backend: backendOf(place.service), tagged: 0, untagged: entry.untagged + entry.tagged }
        : entry,
    ),
  })),
});

const liveRoutes = ({ services }: RoutesAnswer): ReadonlySet<string> =>
  new Set(
    services.flatMap(({ namespace, rules }) =>
      rules
        .filter(({ backends }) => backends.some(({ endpoints }) => endpoints.length > 0))
        .map(({ route }) => `${namespace}/${route}`),
    ),
  );

const readRoutes = async (replica: AdminReplica, signal: AbortSignal): Promise<RouterRoutes> => {
  const answer = routesSchema.parse(await askReplica(replica, '/routes', signal));
  const [namespace = ''] = replica.name.split('/');
  return { router: replica.name, namespace, routes: liveRoutes(answer) };
};

export interface RouterAdminOptions {
  readonly namespaces: readonly string[];
  /** Those of this run; the ones with a tap are asked there, too. */
  readonly intercepts: Intercepts;
  readonly signal: AbortSignal;
}

/** Finds the ready routers of the namespaces, and the taps; throws ROUTER_MISSING or TAP_LOST where there is none. */
export const openRouterAdmin = async (
  client: KubeClient,
  { namespaces, intercepts, signal }: RouterAdminOptions,
): Promise<RouterAdmin> => {
  const routers = (
    await Promise.all([...new Set(namespaces)].map((name) => findReplicas(client, name)))
  ).flat();
  const taps = await requireTaps(client, intercepts);
  const backendOf = (app: string): string =>
    intercepts.find((intercept) => intercept.app === app)?.service ?? '';
  return {
    async evidence(traceId) {
      const seen = await readEvidence(routers, traceId, signal);
      const tapped = await readEvidence(taps, traceId, signal);
      return {
        hops: mergeTapHops(seen.hops, tapped.hops),
        untagged: [...seen.untagged, ...tapped.untagged],
      };
    },
    async counters() {
      const totals = new Map<string, Map<string, { tagged: number; untagged: number }>>();
      for (const answer of await askAll(routers, '/counters', signal))
        addCounters(totals, countersSchema.parse(answer));
      for (const answer of await askAll(taps, '/counters', signal))
        addCounters(totals, tapCounters(countersSchema.parse(answer), backendOf));
      return totals;
    },
    routes: async () => await Promise.all(routers.map((router) => readRoutes(router, signal))),
  };
};
