/** Requests to the running stack from outside, and what the routers recorded of them. */

import { kinds, type KubeClient } from '@tekton-dag/kube';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';

const APP_NAMESPACE = 'staging';
const ROUTER_ADMIN_PORT = 15_021;

/** What an example app says of itself and of those it asked. */
export interface Answer {
  readonly app: string;
  readonly version: string;
  readonly downstream: readonly Answer[];
}

const answerSchema: z.ZodType<Answer> = z.object({
  app: z.string(),
  version: z.string(),
  get downstream() {
    return z.array(answerSchema);
  },
});

const hopSchema = z.object({
  service: z.string(),
  caller: z.string().nullable(),
  session: z.string().nullable(),
  backend: z.string(),
  pod: z.string(),
  status: z.number(),
});
export type Hop = z.infer<typeof hopSchema>;

export interface Probe {
  readonly status: number;
  /** Header `x-tekton-dag-served-by`; null when the router added none. */
  readonly servedBy: string | null;
  readonly answer: Answer;
  /** In the order in which the requests came; empty for untagged traffic, of which nothing is recorded. */
  readonly hops: readonly Hop[];
}

async function serviceUrl(client: KubeClient, name: string): Promise<string> {
  const service = await client.resource(kinds.services, APP_NAMESPACE).get(name);
  const port = service?.spec?.ports?.[0]?.port;
  if (port === undefined) throw new Error(`Service ${name} is not there`);
  return `http://${service?.spec?.clusterIP ?? ''}:${port}`;
}

async function readEvidence(client: KubeClient, traceId: string): Promise<Hop[]> {
  const secret = await client.resource(kinds.secrets, APP_NAMESPACE).get('tekton-dag-router');
  const token = Buffer.from(secret?.data?.['token'] ?? '', 'base64').toString();
  const labelSelector = 'app.kubernetes.io/name=tekton-dag-router';
  const { items } = await client.resource(kinds.pods, APP_NAMESPACE).list({ labelSelector });
  const perRouter = await Promise.all(
    items.map(async ({ status }) => {
      const url = `http://${status?.podIP ?? ''}:${ROUTER_ADMIN_PORT}/evidence/${traceId}`;
      const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
      if (response.status === 404) return [];
      return z
        .object({ hops: z.array(hopSchema.extend({ timeUnixMs: z.number() })) })
        .parse(await response.json()).hops;
    }),
  );
  return perRouter.flat().sort((a, b) => a.timeUnixMs - b.timeUnixMs);
}

/** Asks the entry app for the releases, which makes it call the whole chain. */
export async function probeStack(
  client: KubeClient,
  entry: string,
  session: string | undefined,
): Promise<Probe> {
  const traceId = randomBytes(16).toString('hex');
  const tagged = session === undefined ? undefined : { 'x-dev-session': session };
  const headers = { traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01`, ...tagged };
  const response = await fetch(`${await serviceUrl(client, entry)}/api/releases`, { headers });
  const answer = answerSchema.parse(await response.json());
  const servedBy = response.headers.get('x-tekton-dag-served-by');
  return { status: response.status, servedBy, answer, hops: await readEvidence(client, traceId) };
}

/** `demo-fe 0.1.0 -> release-lifecycle-demo 0.1.0 -> demo-api 0.2.0` */
export function describeAnswer({ app, version, downstream }: Answer): string {
  return [`${app} ${version}`, ...downstream.map(describeAnswer)].join(' -> ');
}

/** The version that an app of the answer gave, wherever it stands. */
export function versionOf(answer: Answer, app: string): string | undefined {
  if (answer.app === app) return answer.version;
  for (const next of answer.downstream) {
    const version = versionOf(next, app);
    if (version !== undefined) return version;
  }
  return undefined;
}
