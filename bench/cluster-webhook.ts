/**
 * From a signed webhook to a PipelineRun on a real Kubernetes with Tekton's admission on (KUBECONFIG), 50 connections.
 * Beside it, in the same run and with the same API server: bare creates from 20 connections, and Tekton Triggers'
 * EventListener where it is installed, as shipped and without its client-side limit. JSON lines
 * `{name, accepted, runs, lost, seconds, perSecond}`. Every run stays pending; all that is made goes at the end.
 * DELIVERIES (2,000) and TRIGGERS_DELIVERIES (300) make it smaller. Without KUBECONFIG nothing is measured: no cluster is
 * loaded by accident.
 */

import {
  createKubeClient,
  createReflector,
  kinds,
  loadKubeConfig,
  type KubeClient,
  type Reflector,
} from '@tekton-dag/kube';
import type { PipelineRun } from '@tekton-dag/model';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startProgram } from '../packages/orchestrator/test/chaos/start-program.ts';
import { hasTriggers, startTriggersListener } from './cluster-webhook/triggers-listener.ts';
import { createDeliveryWriter } from './service/delivery-writer.ts';
import { preparePlatform } from './service/prepare-platform.ts';
import { sendWebhooks } from './service/send-webhooks.ts';

const DELIVERIES = Number(process.env['DELIVERIES'] ?? 2_000);
const TRIGGERS_DELIVERIES = Number(process.env['TRIGGERS_DELIVERIES'] ?? 300);
const CONNECTIONS = 50;
const CREATORS = 20;
const CLIENT_LIMIT = 1_000;
/** After so long without a new run no more will come. */
const QUIET_MS = 20_000;
const POLL_MS = 50;
const WARM_UP = 20;

/** A client of its own for each row: nobody pays for another's connections. */
const clients = new AsyncDisposableStack();
if ((process.env['KUBECONFIG'] ?? '') === '') {
  process.stderr.write('KUBECONFIG is not set: left out\n');
  process.exit(0);
}
const config = await loadKubeConfig({ env: process.env, homeDir: homedir() });
if (!config.ok) throw new Error(`no cluster: ${JSON.stringify(config.error)}`);
const kubeConfig = config.value;
const client = openClient();
const version = await fetchVersion(client);
process.stderr.write(`cluster ${kubeConfig.server}, namespaces in use: ${version}\n`);

await inNamespace('creates', (namespace) => measureCreates(namespace, 'bare creates', barePipelineRun));
const made = await inNamespace('orchestrator', measureOrchestrator);
await inNamespace('copies', (namespace) =>
  measureCreates(namespace, 'bare creates of the same runs', (into, index) => copyRun(made, into, index)),
);
if (await hasTriggers(client, 'default')) {
  await inNamespace('triggers', (namespace) => measureTriggers(namespace, undefined));
  await inNamespace('triggers', (namespace) => measureTriggers(namespace, CLIENT_LIMIT));
} else {
  process.stderr.write('Tekton Triggers is not installed: its rows are left out\n');
}
await clients.disposeAsync();

function openClient(): KubeClient {
  const opened = createKubeClient(kubeConfig);
  clients.defer(() => opened.close());
  return opened;
}

/** Also shows that the cluster is there before anything is sent. */
async function fetchVersion(kube: KubeClient): Promise<number> {
  return (await kube.resource(kinds.namespaces).list()).items.length;
}

async function inNamespace<T>(part: string, measure: (namespace: string) => Promise<T>): Promise<T> {
  const name = `bench-${part}-${randomBytes(3).toString('hex')}`;
  const namespaces = client.resource(kinds.namespaces);
  await namespaces.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  try {
    return await measure(name);
  } finally {
    await client.resource(kinds.pipelineruns, name).deleteCollection({});
    await namespaces.delete(name);
  }
}

async function measureCreates(
  namespace: string,
  what: string,
  make: (namespace: string, index: number) => PipelineRun,
): Promise<void> {
  const runs = openClient().resource<PipelineRun>(kinds.pipelineruns, namespace);
  let next = 0;
  const createAll = async (): Promise<void> => {
    while (next < DELIVERIES) await runs.create(make(namespace, next++));
  };
  await counting(namespace, `${what}, ${CREATORS} connections`, DELIVERIES, async () => {
    await Promise.all(Array.from({ length: CREATORS }, createAll));
    return DELIVERIES;
  });
}

function barePipelineRun(namespace: string, index: number): PipelineRun {
  return {
    apiVersion: 'tekton.dev/v1',
    kind: 'PipelineRun',
    metadata: { name: `bare-${index}`, namespace },
    spec: {
      status: 'PipelineRunPending',
      pipelineRef: { name: 'stack-pr-test' },
      params: [{ name: 'pr-number', value: String(index) }],
    },
  };
}

/** As the orchestrator makes them: labels, annotations and all params. */
function copyRun(
  { apiVersion, kind, metadata, spec }: PipelineRun,
  namespace: string,
  index: number,
): PipelineRun {
  const { labels = {}, annotations = {} } = metadata;
  return { apiVersion, kind, metadata: { name: `copy-${index}`, namespace, labels, annotations }, spec };
}

/** Gives one of the runs that still wait. */
async function measureOrchestrator(namespace: string): Promise<PipelineRun> {
  await using platform = await preparePlatform();
  await writeFile(join(platform.directory, 'teams/default/team.yaml'), teamFile(namespace));
  await keepRunsPending(namespace);
  await using service = await startProgram({
    file: new URL('../packages/cli/bin/tekton-dag.js', import.meta.url),
    args: ['serve'],
    env: { ...platform.env, KUBECONFIG: process.env['KUBECONFIG'] ?? '' },
  });
  const writer = createDeliveryWriter('/webhook/github', platform.webhookSecret);
  const load = { url: service.url, writer, connections: CONNECTIONS };
  await counting(namespace, 'warm-up of the orchestrator', WARM_UP, async () =>
    acceptedOf(await sendWebhooks({ ...load, first: 0, count: WARM_UP })),
  );
  await counting(namespace, `orchestrator, ${CONNECTIONS} connections`, DELIVERIES, async () =>
    acceptedOf(await sendWebhooks({ ...load, first: WARM_UP, count: DELIVERIES })),
  );
  const { items } = await client.resource<PipelineRun>(kinds.pipelineruns, namespace).list();
  const waiting = items.find(({ spec }) => spec.status === 'PipelineRunPending');
  if (waiting === undefined) throw new Error('no run waits');
  return waiting;
}

/** One run at a time, and that one waits for a custom task that nobody carries out: no pod is started. */
async function keepRunsPending(namespace: string): Promise<void> {
  const wait = { name: 'wait', taskRef: { apiVersion: 'bench.example.com/v1', kind: 'Wait' } };
  await client.resource(kinds.pipelines, namespace).create({
    apiVersion: 'tekton.dev/v1',
    kind: 'Pipeline',
    metadata: { name: 'stack-pr-test', namespace },
    spec: { tasks: [wait] },
  });
}

function teamFile(namespace: string): string {
  return `
name: default
namespace: ${namespace}
imageRegistry: registry.example.com/acme
interceptBackend: gateway
maxConcurrentRuns: 1
stacks: [stacks/stack-one.yaml]
gitUrl: https://github.com/acme/platform
gitRevision: main
baseBranches: [main, master]
`;
}

async function measureTriggers(namespace: string, clientLimit: number | undefined): Promise<void> {
  const webhookSecret = randomBytes(16).toString('hex');
  const limit = clientLimit === undefined ? {} : { clientLimit };
  await using listener = await startTriggersListener({ client, namespace, webhookSecret, ...limit });
  const writer = createDeliveryWriter('/', webhookSecret);
  const load = { url: listener.url, writer, connections: CONNECTIONS };
  // One delivery at a time fills the listener's cache of Secrets.
  await counting(namespace, 'warm-up of Triggers', WARM_UP, async () =>
    acceptedOf(await sendWebhooks({ ...load, connections: 1, first: 0, count: WARM_UP })),
  );
  const how = clientLimit === undefined ? 'as shipped' : `client limit ${clientLimit}`;
  await counting(
    namespace,
    `Tekton Triggers ${how}, ${CONNECTIONS} connections`,
    TRIGGERS_DELIVERIES,
    async () => acceptedOf(await sendWebhooks({ ...load, first: WARM_UP, count: TRIGGERS_DELIVERIES })),
  );
}

function acceptedOf({ statuses }: { readonly statuses: ReadonlyMap<number, number> }): number {
  return [...statuses].reduce((sum, [status, count]) => sum + (status >= 200 && status < 300 ? count : 0), 0);
}

/** Prints how long it takes from the first request until `wanted` more runs exist, or no more come. */
async function counting(
  namespace: string,
  name: string,
  wanted: number,
  send: () => Promise<number>,
): Promise<void> {
  await using reflector = createReflector(client.resource<PipelineRun>(kinds.pipelineruns, namespace));
  const seen = await countRuns(reflector);
  const before = seen.count;
  const startedAt = performance.now();
  const accepted = await send();
  while (seen.count - before < wanted && performance.now() - seen.lastAt < QUIET_MS) await sleep(POLL_MS);
  const runs = seen.count - before;
  const seconds = (seen.lastAt - startedAt) / 1_000;
  const figures = {
    seconds: Math.round(seconds * 100) / 100,
    perSecond: Math.round((runs / seconds) * 10) / 10,
  };
  process.stdout.write(`${JSON.stringify({ name, accepted, runs, lost: accepted - runs, ...figures })}\n`);
}

/** Counts on by itself; `lastAt` is when the newest came. */
async function countRuns(
  reflector: Reflector<PipelineRun>,
): Promise<{ readonly count: number; readonly lastAt: number }> {
  const names = new Set<string>();
  const seen = { count: 0, lastAt: performance.now() };
  reflector.on(({ object }) => {
    const name = object.metadata.name ?? '';
    if (names.has(name)) return;
    names.add(name);
    seen.count = names.size;
    seen.lastAt = performance.now();
  });
  reflector.start();
  await reflector.synced;
  return seen;
}
