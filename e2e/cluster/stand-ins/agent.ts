/** The agent of the stand-ins: takes a Deployment's Service over, and sends on what it does not steal. */

import { createKubeClient, kinds, loadKubeConfig, type KubeClient, type Service } from '@tekton-dag/kube';
import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { AGENT_LABEL, AGENT_PORT, theftSchema, type Theft } from './theft.ts';

/** Routers learn of a Service's new endpoints a moment later. */
const LINGER_MS = 2_000;

interface Original {
  readonly address: string;
  readonly services: readonly Service[];
}

async function findServices(
  client: KubeClient,
  { namespace, port }: Theft,
  labels: Readonly<Record<string, string>>,
): Promise<readonly Service[]> {
  const { items } = await client.resource(kinds.services, namespace).list();
  return items.filter(({ spec }) => {
    const wanted = Object.entries(spec?.selector ?? {});
    const selects = wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
    return selects && spec?.ports?.some(({ targetPort }) => targetPort === port) === true;
  });
}

async function findOriginal(client: KubeClient, theft: Theft): Promise<Original> {
  const { namespace, deployment } = theft;
  const { spec } = (await client.resource(kinds.deployments, namespace).get(deployment)) ?? {};
  const selector = Object.entries(spec?.selector.matchLabels ?? {}).map((pair) => pair.join('='));
  const pods = await client.resource(kinds.pods, namespace).list({ labelSelector: selector.join(',') });
  const alive = pods.items.find(
    ({ status, metadata }) => status?.podIP !== undefined && metadata?.deletionTimestamp === undefined,
  );
  const services = await findServices(client, theft, spec?.template.metadata?.labels ?? {});
  return { address: alive?.status?.podIP ?? '', services };
}

function isStolen({ headerLines }: Theft, { rawHeaders }: IncomingMessage): boolean {
  const lines = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1] ?? ''}`] : [],
  );
  return lines.some((line) => headerLines.some((expression) => new RegExp(expression, 'iu').test(line)));
}

function forward(
  request: IncomingMessage,
  response: ServerResponse,
  to: { host: string; port: number },
): void {
  const { method, url, rawHeaders } = request;
  const outgoing = httpRequest(
    { ...to, method, path: url, headers: rawHeaders, agent: false },
    (incoming) => {
      response.writeHead(incoming.statusCode ?? 502, incoming.rawHeaders);
      incoming.pipe(response);
    },
  );
  outgoing.on('error', () => response.destroy());
  request.pipe(outgoing);
}

async function takeOver(client: KubeClient, { spec, metadata }: Service, id: string): Promise<void> {
  const gone = Object.fromEntries(Object.keys(spec?.selector ?? {}).map((key) => [key, null]));
  const ports = spec?.ports?.map((port) => ({ ...port, targetPort: AGENT_PORT }));
  const patch = { spec: { selector: { ...gone, [AGENT_LABEL]: id }, ports } };
  await client
    .resource(kinds.services, metadata?.namespace)
    .patch(metadata?.name ?? '', patch, { type: 'merge' });
}

async function giveBack(client: KubeClient, { spec, metadata }: Service): Promise<void> {
  const patch = { spec: { selector: { ...spec?.selector, [AGENT_LABEL]: null }, ports: spec?.ports } };
  await client
    .resource(kinds.services, metadata?.namespace)
    .patch(metadata?.name ?? '', patch, { type: 'merge' });
}

async function main(): Promise<void> {
  const theft = theftSchema.parse(JSON.parse(process.env['THEFT'] ?? ''));
  const id = (process.env['HOSTNAME'] ?? '').split('-')[3] ?? '';
  const config = await loadKubeConfig({ env: process.env, homeDir: '/tmp' });
  if (!config.ok) throw new Error(config.error.message);
  await using client = createKubeClient(config.value);
  const { address, services } = await findOriginal(client, theft);
  let isEnding = false;
  createServer((request, response) => {
    const stolen = !isEnding && isStolen(theft, request);
    forward(
      request,
      response,
      stolen ? { host: theft.clientAddress, port: theft.clientPort } : { host: address, port: theft.port },
    );
  }).listen(AGENT_PORT, '0.0.0.0');
  const heartbeat = connect({ host: theft.clientAddress, port: theft.heartbeatPort });
  await once(heartbeat, 'connect');
  heartbeat.on('error', () => undefined);
  const lost = once(heartbeat, 'close');
  const told = once(process, 'SIGTERM');
  for (const service of services) await takeOver(client, service, id);
  process.stdout.write(`agent ready: ${services.map(({ metadata }) => metadata?.name ?? '').join(' ')}\n`);
  await Promise.race([lost, told]);
  isEnding = true;
  for (const service of services) await giveBack(client, service);
  process.stdout.write('agent ends\n');
  heartbeat.destroy();
  await delay(LINGER_MS);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`agent: ${String(error)}\n`);
    process.exit(1);
  },
);
