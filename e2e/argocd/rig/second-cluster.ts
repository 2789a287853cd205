/**
 * startSecondCluster: another API server, with the kinds of Tekton and no nodes: what Argo CD delivers there is stored and
 * nothing of it runs. It shows where things go, not that they work there.
 */

import { spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync, randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runOrThrow, runOnCluster } from '../../cluster/rig/run-on-cluster.ts';

const READY_WITHIN_MS = 300_000;
const POLL_MS = 500;
export const SECOND_CLUSTER_PROGRAMS = ['etcd', 'kube-apiserver', 'kube-controller-manager'];
const KINDS_OF_TEKTON = ['tasks.tekton.dev', 'pipelines.tekton.dev'];

export interface SecondCluster extends AsyncDisposable {
  /** For pods of the first cluster, too. */
  readonly server: string;
  /** Of somebody who may do everything. */
  readonly token: string;
  readonly kubeconfig: string;
}

/** Below the ports that the system gives to connections: one of those would take it before the program listens. */
const PORTS = { from: 20_000, to: 30_000 };
const MOST_TRIES = 100;

async function findFreePort(address: string): Promise<number> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const port = randomInt(PORTS.from, PORTS.to);
    if (await isFree(address, port)) return port;
  }
  throw new Error(`${address} has no free port`);
}

async function isFree(address: string, port: number): Promise<boolean> {
  const server = createServer().listen(port, address);
  const isListening = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  if (!isListening) return false;
  server.close();
  await once(server, 'close');
  return true;
}

async function startProcess(log: string, program: string, args: readonly string[]): Promise<ChildProcess> {
  const file = await open(log, 'a');
  const child = spawn(program, args, { stdio: ['ignore', file.fd, file.fd] });
  await once(child, 'spawn');
  await file.close();
  return child;
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

function renderFlags(flags: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
}

async function startStore(directory: string, cleanups: AsyncDisposableStack): Promise<string> {
  const [client, peer] = [await findFreePort('127.0.0.1'), await findFreePort('127.0.0.1')];
  const urls = { client: `http://127.0.0.1:${client}`, peer: `http://127.0.0.1:${peer}` };
  const flags = renderFlags({
    'data-dir': join(directory, 'etcd'),
    'unsafe-no-fsync': 'true',
    'listen-client-urls': urls.client,
    'advertise-client-urls': urls.client,
    'listen-peer-urls': urls.peer,
    'initial-advertise-peer-urls': urls.peer,
    'initial-cluster': `default=${urls.peer}`,
  });
  const etcd = await startProcess(join(directory, 'etcd.log'), 'etcd', flags);
  cleanups.defer(() => stopProcess(etcd));
  return urls.client;
}

/** The key that signs tokens of service accounts, and the one token of an administrator. */
async function writeCredentials(directory: string): Promise<{ key: string; tokens: string; token: string }> {
  const token = randomBytes(24).toString('hex');
  const [key, tokens] = [join(directory, 'sa.key'), join(directory, 'tokens.csv')];
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await writeFile(key, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  await writeFile(tokens, `${token},administrator,administrator,system:masters\n`, { mode: 0o600 });
  return { key, tokens, token };
}

async function waitUntilReady(kubeconfig: string, directory: string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const { code } = await runOnCluster({ kubeconfig }, 'kubectl', 'get', '--raw', '/readyz');
    if (code === 0) return;
    if (Date.now() < deadline) await delay(POLL_MS);
    else throw new Error((await readFile(join(directory, 'api.log'), 'utf8')).slice(-2_000));
  }
}

/** What Argo CD deletes in the foreground goes when the garbage collector says so. */
async function startCollector(
  kubeconfig: string,
  directory: string,
  cleanups: AsyncDisposableStack,
): Promise<void> {
  const flags = renderFlags({
    kubeconfig,
    controllers: 'garbage-collector-controller',
    'leader-elect': 'false',
    'secure-port': '0',
  });
  const log = join(directory, 'controllers.log');
  const controllers = await startProcess(log, 'kube-controller-manager', flags);
  cleanups.defer(() => stopProcess(controllers));
}

function renderKubeconfig(server: string, token: string): string {
  const cluster = { server, 'insecure-skip-tls-verify': true };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'east', cluster }],
    users: [{ name: 'east', user: { token } }],
    contexts: [{ name: 'east', context: { cluster: 'east', user: 'east' } }],
    'current-context': 'east',
  });
}

interface Definition {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly versions: readonly object[] };
}

const ANYTHING = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };

/** The kinds that the first cluster has. Tekton's webhook, which converts and fills in what its schema asks for, is not here. */
async function copyDefinitions(from: string, to: string): Promise<void> {
  const text = await runOrThrow(from, 'kubectl', 'get', 'crd', ...KINDS_OF_TEKTON, '-o', 'json');
  const { items }: { readonly items: readonly Definition[] } = JSON.parse(text);
  const definitions = items.map(({ metadata, spec }) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: metadata.name },
    spec: {
      ...spec,
      conversion: { strategy: 'None' },
      versions: spec.versions.map((version) => ({ ...version, schema: ANYTHING })),
    },
  }));
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: definitions });
  const applied = await runOnCluster({ kubeconfig: to, input }, 'kubectl', 'create', '-f', '-');
  if (applied.code !== 0) throw new Error(applied.stderr);
}

/** `address` is one that pods of the first cluster reach. Needs the programs of SECOND_CLUSTER_PROGRAMS on the PATH. */
export async function startSecondCluster(address: string, firstKubeconfig: string): Promise<SecondCluster> {
  await using cleanups = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'tekton-dag-east-'));
  cleanups.defer(() => rm(directory, { recursive: true, force: true }));
  const store = await startStore(directory, cleanups);
  const { key, tokens, token } = await writeCredentials(directory);
  const port = await findFreePort(address);
  const flags = renderFlags({
    'etcd-servers': store,
    'bind-address': address,
    'secure-port': String(port),
    'cert-dir': directory,
    'authorization-mode': 'RBAC',
    'token-auth-file': tokens,
    'service-cluster-ip-range': '10.97.0.0/24',
    'service-account-issuer': 'https://east.example.com',
    'service-account-key-file': key,
    'service-account-signing-key-file': key,
  });
  const api = await startProcess(join(directory, 'api.log'), 'kube-apiserver', flags);
  cleanups.defer(() => stopProcess(api));
  const server = `https://${address}:${port}`;
  const kubeconfig = join(directory, 'kubeconfig');
  await writeFile(kubeconfig, renderKubeconfig(server, token), { mode: 0o600 });
  await waitUntilReady(kubeconfig, directory);
  await startCollector(kubeconfig, directory, cleanups);
  await copyDefinitions(firstKubeconfig, kubeconfig);
  const kept = cleanups.move();
  return { server, token, kubeconfig, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
