/** The cluster that a test talks to: the one of KUBECONFIG, or else a local cluster in a process of its own. */

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import type { KubeObject } from '../src/contracts/kube-object.ts';
import { endProcess, startClusterProcess } from './start-cluster-process.ts';

export interface CommandOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

/** One line of a watch. */
export interface StreamedEvent {
  readonly type: string;
  readonly object: KubeObject & { readonly code?: number };
}

export interface RequestInput {
  readonly method?: string;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  readonly token?: string;
}

export interface TestCluster {
  readonly kubeconfig: string;
  /** A namespace that nobody else uses. */
  readonly namespace: string;
  request(path: string, input?: RequestInput): Promise<Answer>;
  /** The lines of a streamed answer, parsed as JSON. */
  stream(path: string, signal: AbortSignal): AsyncGenerator<StreamedEvent>;
  kubectl(args: readonly string[], input?: string): Promise<CommandOutcome>;
  run(program: string, args: readonly string[], input?: string): Promise<CommandOutcome>;
  close(): Promise<void>;
}

interface KubeconfigFile {
  readonly 'current-context': string;
  readonly contexts: readonly { name: string; context: { cluster: string; user: string } }[];
  readonly clusters: readonly { name: string; cluster: Readonly<Record<string, string>> }[];
  readonly users: readonly { name: string; user: Readonly<Record<string, string>> }[];
}

interface Credentials {
  readonly server: string;
  readonly tls: Pick<RequestOptions, 'ca' | 'cert' | 'key'>;
  readonly headers: Readonly<Record<string, string>>;
}

const credentialsOf = (kubeconfig: string): Credentials => {
  const config: KubeconfigFile = parse(readFileSync(kubeconfig, 'utf8'));
  const context = config.contexts.find(({ name }) => name === config['current-context'])?.context;
  const cluster = config.clusters.find(({ name }) => name === context?.cluster)?.cluster ?? {};
  const user = config.users.find(({ name }) => name === context?.user)?.user ?? {};
  const data = (value: string | undefined) =>
    value === undefined ? undefined : Buffer.from(value, 'base64');
  return {
    server: cluster['server'] ?? '',
    tls: {
      ca: data(cluster['certificate-authority-data']),
      cert: data(user['client-certificate-data']),
      key: data(user['client-key-data']),
    },
    headers: user['token'] === undefined ? {} : { authorization: `Bearer ${user['token']}` },
  };
};

/** Options of a request: the given token, or else what the kubeconfig holds. */
const identityOf = ({ headers, tls }: Credentials, token: string | undefined) =>
  token === undefined
    ? { tls, headers }
    : { tls: { ca: tls.ca }, headers: { authorization: `Bearer ${token}` } };

const bodyOf = ({ body }: RequestInput): string | undefined =>
  body === undefined ? undefined : withTestImage(typeof body === 'string' ? body : JSON.stringify(body));

const send = (kubeconfig: string, path: string, input: RequestInput = {}, signal?: AbortSignal) => {
  const credentials = credentialsOf(kubeconfig);
  const { server } = credentials;
  const { headers, tls } = identityOf(credentials, input.token);
  const body = bodyOf(input);
  return new Promise<IncomingMessage>((resolve, reject) => {
    const request = httpsRequest(
      `${server}${path}`,
      {
        ...tls,
        ...(signal === undefined ? {} : { signal }),
        method: input.method ?? 'GET',
        headers: {
          ...headers,
          accept: input.accept ?? 'application/json',
          'user-agent': 'fixture/1.0',
          ...(body === undefined
            ? {}
            : {
                'content-type': input.contentType ?? 'application/json',
                'content-length': Buffer.byteLength(body),
              }),
        },
      },
      resolve,
    );
    request.on('error', reject);
    request.end(body);
  });
};

const readAnswer = async (response: IncomingMessage): Promise<Answer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const isJson = response.headers['content-type']?.includes('json') === true;
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: isJson ? JSON.parse(text) : text,
  };
};

async function* readEvents(
  kubeconfig: string,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<StreamedEvent> {
  const response = await send(kubeconfig, path, {}, signal);
  response.on('error', () => undefined);
  response.setEncoding('utf8');
  let rest = '';
  try {
    for await (const chunk of response) {
      const lines = `${rest}${String(chunk)}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const event: StreamedEvent = JSON.parse(line);
        yield event;
      }
    }
  } catch (fault) {
    if (!signal.aborted) throw fault;
  }
}

/**
 * kubectl and helm keep what a server serves for six hours under its host and port: a cluster that gets the port of an earlier
 * one must not be taken for it.
 */
const kubectlEnv = (kubeconfig: string) => ({
  KUBECONFIG: kubeconfig,
  ...(isForeignCluster ? {} : { KUBECACHEDIR: join(dirname(kubeconfig), 'kubectl-cache') }),
});

/** Runs a program with this KUBECONFIG and gathers what it says. */
const runProgram = async (
  kubeconfig: string,
  program: string,
  args: readonly string[],
  input = '',
): Promise<CommandOutcome> => {
  const child = spawn(program, [...args], { env: { ...process.env, ...kubectlEnv(kubeconfig) } });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  // A program that refuses its arguments ends without reading what it is given.
  child.stdin.on('error', () => undefined).end(input);
  const [code] = await once(child, 'close');
  return { code: Number(code), ...output };
};

/** True when the tests run against a cluster that is not ours to kill or to restart. */
export const isForeignCluster = (process.env['KUBECONFIG'] ?? '') !== '';

const registry = process.env['REGISTRY'] ?? '';

/** What the tests' pods run: has `sh` and the usual small commands. TEST_IMAGE names another one. */
const TEST_IMAGE =
  process.env['TEST_IMAGE'] ?? (isForeignCluster && registry !== '' ? `${registry}/busybox:1` : 'busybox:1');

/** Tests write `busybox:1`; a cluster without Docker Hub has it under another name. */
const withTestImage = (text: string): string => text.replaceAll(/(?<!\/)busybox:1/g, TEST_IMAGE);

const openCluster = async (): Promise<{ kubeconfig: string; end: () => Promise<void> }> => {
  const given = process.env['KUBECONFIG'];
  if (given !== undefined && given !== '') return { kubeconfig: given, end: async () => undefined };
  const stateDir = mkdtempSync(join(tmpdir(), 'local-cluster-'));
  const { child, kubeconfigPath } = await startClusterProcess(stateDir);
  return {
    kubeconfig: kubeconfigPath,
    end: async () => {
      await endProcess(child, 'SIGTERM');
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
};

/** Sends requests with the credentials of a kubeconfig. */
export const requestWith =
  (kubeconfig: string): TestCluster['request'] =>
  async (path, input) =>
    readAnswer(await send(kubeconfig, path, input));

/** Streams with the credentials of a kubeconfig. */
export const streamWith =
  (kubeconfig: string): TestCluster['stream'] =>
  (path, signal) =>
    readEvents(kubeconfig, path, signal);

/** Makes a namespace in which pods can be made; returns what removes it. */
export const openNamespace = async (
  { request, stream }: Pick<TestCluster, 'request' | 'stream'>,
  name: string,
): Promise<() => Promise<unknown>> => {
  await request('/api/v1/namespaces', {
    method: 'POST',
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
  });
  const stop = new AbortController();
  const query = 'watch=1&fieldSelector=metadata.name%3Ddefault';
  const accounts = stream(`/api/v1/namespaces/${name}/serviceaccounts?${query}`, stop.signal);
  await accounts.next();
  stop.abort();
  return () => request(`/api/v1/namespaces/${name}`, { method: 'DELETE' });
};

/** Opens the cluster and makes a namespace in it; `close` removes what was made. */
export const openTestCluster = async (): Promise<TestCluster> => {
  const { kubeconfig, end } = await openCluster();
  const namespace = `t-${randomBytes(5).toString('hex')}`;
  const request = requestWith(kubeconfig);
  const stream = streamWith(kubeconfig);
  const remove = await openNamespace({ request, stream }, namespace);
  return {
    kubeconfig,
    namespace,
    request,
    stream,
    kubectl: (args, input = '') =>
      runProgram(kubeconfig, 'kubectl', ['-n', namespace, ...args.map(withTestImage)], withTestImage(input)),
    run: (program, args, input) => runProgram(kubeconfig, program, args, input),
    close: async () => {
      if (isForeignCluster) await remove();
      await end();
    },
  };
};
