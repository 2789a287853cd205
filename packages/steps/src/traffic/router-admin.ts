/** What all router replicas know: evidence of traces and counters, merged (docs/architecture.md, Router). */
import { LABEL } from '@tekton-dag/model';
import { kinds, type KubeClient } from '@tekton-dag/kube';
import { request } from 'undici';
import { z } from 'zod';
import { StepFailure } from '../step-failure.ts';

const ADMIN_PORT = 15_021;
/** Name of the router's Deployment, Secret and `app.kubernetes.io/name`. */
export const ROUTER_NAME = 'tekton-dag-router';

const untaggedHopSchema = z.looseObject({
  namespace: z.string(),
  service: z.string(),
  caller: z.string().nullable(),
  backend: z.string().nullable(),
  pod: z.string().nullable(),
  status: z.number(),
});
const hopSchema = untaggedHopSchema.extend({
  session: z.string().nullable(),
  header: z.boolean(),
  baggage: z.boolean(),
  timeUnixMs: z.number(),
});
export type Hop = z.infer<typeof hopSchema>;

const evidenceSchema = z.looseObject({
  hops: z.array(hopSchema),
  /** Requests of the trace that had lost their session; routers may leave it out. */
  untagged: z.array(untaggedHopSchema).default([]),
});
export type Evidence = z.infer<typeof evidenceSchema>;

const countersSchema = z.looseObject({
  services: z.array(
    z.looseObject({
      namespace: z.string(),
      service: z.string(),
      backends: z.array(z.looseObject({ backend: z.string(), tagged: z.number(), untagged: z.number() })),
    }),
  ),
});

/** Requests by `<namespace>/<service>` and then by backend. */
export type Counters = ReadonlyMap<
  string,
  ReadonlyMap<string, { readonly tagged: number; readonly untagged: number }>
>;

export interface RouterAdmin {
  evidence(traceId: string): Promise<Evidence>;
  counters(): Promise<Counters>;
}

interface Replica {
  readonly url: string;
  readonly token: string;
  readonly name: string;
}

const isReady = (pod: { status?: { conditions?: { type: string; status: string }[] } }): boolean =>
  pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;

const findReplicas = async (client: KubeClient, namespace: string): Promise<Replica[]> => {
  const labelSelector = `${LABEL.name}=${ROUTER_NAME}`;
  const { items } = await client.resource(kinds.pods, namespace).list({ labelSelector });
  const secret = await client.resource(kinds.secrets, namespace).get(ROUTER_NAME);
  const token = Buffer.from(secret?.data?.['token'] ?? '', 'base64').toString('utf8');
  const replicas = items.filter(isReady).flatMap((pod) => {
    const address = pod.status?.podIP;
    if (address === undefined) return [];
    const host = address.includes(':') ? `[${address}]` : address;
    return [{ url: `http://${host}:${ADMIN_PORT}`, token, name: `${namespace}/${pod.metadata?.name ?? ''}` }];
  });
  if (replicas.length > 0) return replicas;
  throw new StepFailure(`no router is ready in namespace ${namespace}`, {
    code: 'ROUTER_MISSING',
    hint: 'bootstrap the stack first (pipeline stack-bootstrap)',
  });
};

const ask = async (replica: Replica, path: string, signal: AbortSignal): Promise<unknown> => {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(10_000)]);
  const response = await request(`${replica.url}${path}`, {
    headers: { authorization: `Bearer ${replica.token}` },
    signal: limit,
  });
  if (response.statusCode === 200) return await response.body.json();
  await response.body.dump();
  // A replica that no request of the trace passed does not know it.
  if (response.statusCode === 404) return undefined;
  throw new StepFailure(`router ${replica.name} answered ${path} with HTTP ${response.statusCode}`, {
    code: 'ROUTER_ADMIN',
    hint: `is Secret ${ROUTER_NAME} the one that the router started with?`,
  });
};

const addCounters = (
  totals: Map<string, Map<string, { tagged: number; untagged: number }>>,
  { services }: z.infer<typeof countersSchema>,
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

/** Finds the ready routers of the namespaces; throws ROUTER_MISSING where there is none. */
export const openRouterAdmin = async (
  client: KubeClient,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<RouterAdmin> => {
  const replicas = (
    await Promise.all([...new Set(namespaces)].map((name) => findReplicas(client, name)))
  ).flat();
  const askAll = async (path: string): Promise<unknown[]> =>
    (await Promise.all(replicas.map((replica) => ask(replica, path, signal)))).filter(
      (answer) => answer !== undefined,
    );
  return {
    async evidence(traceId) {
      const answers = (await askAll(`/evidence/${traceId}`)).map((answer) => evidenceSchema.parse(answer));
      return {
        hops: answers.flatMap(({ hops }) => hops).sort((a, b) => a.timeUnixMs - b.timeUnixMs),
        untagged: answers.flatMap(({ untagged }) => untagged),
      };
    },
    async counters() {
      const totals = new Map<string, Map<string, { tagged: number; untagged: number }>>();
      for (const answer of await askAll('/counters')) addCounters(totals, countersSchema.parse(answer));
      return totals;
    },
  };
};
