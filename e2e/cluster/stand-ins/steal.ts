/** steal: the client of a stand-in; runs a program and hands it what an agent in the cluster steals. */

import { createKubeClient, kinds, loadKubeConfig, type KubeClient } from '@tekton-dag/kube';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { AGENT_LABEL, type Theft } from './theft.ts';

const HEARTBEAT_PORT = 18_092;
const POLL_INTERVAL_MS = 50;

export interface StealRequest extends Pick<
  Theft,
  'namespace' | 'deployment' | 'port' | 'headerLines' | 'clientPort'
> {
  readonly command: readonly string[];
  readonly agent: {
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    /** Undefined: the client's own image. */
    readonly image: string | undefined;
  };
}

function env(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`the stand-in needs ${name}`);
  return value;
}

async function openCluster(): Promise<KubeClient> {
  const config = await loadKubeConfig({ env: process.env, homeDir: '/tmp' });
  if (!config.ok) throw new Error(config.error.message);
  return createKubeClient(config.value);
}

async function ownImage(client: KubeClient, namespace: string): Promise<string> {
  const pod = await client.resource(kinds.pods, namespace).get(env('POD_NAME'));
  return pod?.spec?.containers[0]?.image ?? '';
}

async function startAgent(client: KubeClient, { agent, ...theft }: StealRequest): Promise<void> {
  const id = randomBytes(4).toString('hex');
  const { command: _command, ...rest } = theft;
  const told: Theft = { ...rest, clientAddress: env('POD_IP'), heartbeatPort: HEARTBEAT_PORT };
  const labels = { ...agent.labels, [AGENT_LABEL]: id, app: 'mirrord' };
  const container = {
    name: 'agent',
    image: agent.image ?? (await ownImage(client, agent.namespace)),
    imagePullPolicy: 'IfNotPresent',
    command: ['stand-in-agent'],
    env: [{ name: 'THEFT', value: JSON.stringify(told) }],
  };
  await client.resource(kinds.jobs, agent.namespace).create({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: `stand-in-agent-${id}`, namespace: agent.namespace, labels },
    spec: {
      backoffLimit: 0,
      ttlSecondsAfterFinished: 1,
      template: { metadata: { labels }, spec: { restartPolicy: 'Never', containers: [container] } },
    },
  });
}

async function awaitListening(child: ChildProcess, port: number): Promise<void> {
  while (child.exitCode === null) {
    const socket = connect({ host: '127.0.0.1', port });
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    await delay(POLL_INTERVAL_MS);
  }
}

/** The program ends with its agent. */
function heartbeat(child: ChildProcess): Server {
  return createServer((socket) => {
    process.stderr.write('agent connected\n');
    socket.on('error', () => undefined);
    socket.on('close', () => {
      process.stderr.write('agent lost\n');
      child.kill('SIGTERM');
    });
  }).listen(HEARTBEAT_PORT, '0.0.0.0');
}

/** Resolves with the exit code of the program. */
export async function steal(request: StealRequest): Promise<number> {
  const [program = '', ...args] = request.command;
  const child = spawn(program, args, { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => child.kill(signal));
  const ended = once(child, 'exit');
  const server = heartbeat(child);
  await awaitListening(child, request.clientPort);
  if (child.exitCode === null) {
    await using client = await openCluster();
    await startAgent(client, request);
  }
  const [code] = await ended;
  server.close();
  return typeof code === 'number' ? code : 1;
}
