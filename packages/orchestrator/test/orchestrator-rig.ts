/** A rig: a platform checkout and a store in a temporary directory, an API server on loopback, and the orchestrator. */

import { createKubeClient, type KubeClient } from '@tekton-dag/kube';
import { startFakeApiServer, type FakeApiServer } from '@tekton-dag/kube/testing';
import type { PipelineRun } from '@tekton-dag/model';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseOrchestratorConfig, startOrchestrator, type Orchestrator } from '../src/index.ts';
import { createLogger } from '../src/telemetry/create-logger.ts';
import { pipelineRunsIn } from '../src/runs/pipeline-runs.ts';
import { signDelivery, type SignedDelivery } from '../src/testing/index.ts';

export const WEBHOOK_SECRET = 'a webhook secret of some length';
export const NEXT_SECRET = 'the next webhook secret, just as long';
export const API_TOKEN = 'an-api-token-of-some-length';
export const NAMESPACE = 'tekton-pipelines';

const STACK_ONE = `
name: stack-one
defaults: { namespace: staging }
apps:
  - { name: demo-fe, repo: acme/demo-fe, role: frontend, build: { tool: npm }, downstream: [demo-api] }
  - { name: demo-api, repo: acme/demo-api, role: persistence, build: { tool: pip } }
`;

const TEAM = `
name: default
namespace: ${NAMESPACE}
imageRegistry: registry.example.com/acme
interceptBackend: gateway
maxConcurrentRuns: 2
stacks: [stacks/stack-one.yaml]
gitUrl: https://github.com/acme/platform
gitRevision: main
baseBranches: [main]
`;

export interface RigOptions {
  /** Path in the platform checkout to text; replaces or adds to the default files. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Gets every log line, of every level; absent: nothing is logged. */
  readonly onLog?: (line: string) => void;
  /** What the API server shall be before the orchestrator sees it. */
  readonly beforeStart?: (api: FakeApiServer) => void;
}

export interface Rig extends AsyncDisposable {
  readonly api: FakeApiServer;
  readonly client: KubeClient;
  readonly url: string;
  /** The environment that the orchestrator was started with. */
  readonly env: Readonly<Record<string, string>>;
  send(delivery: SignedDelivery): Promise<Response>;
  /** Signs and sends. */
  deliver(payload: object, options?: { readonly event?: string; readonly id?: string }): Promise<Answer>;
  /** A request with the API token. */
  call(method: string, path: string, body?: unknown): Promise<Response>;
  /** The PipelineRuns that exist, by name. */
  runs(): Promise<readonly PipelineRun[]>;
  /** Says that a run has ended, as Tekton does. */
  endRun(name: string, status: 'True' | 'False', reason: string): Promise<void>;
  restart(): Promise<void>;
}

export interface Answer {
  readonly code: number;
  readonly status?: string;
  readonly reason?: string;
  readonly mode?: string;
  readonly delivery?: string;
  readonly pipelinerun?: string;
  readonly runs?: readonly string[];
}

export async function startRig(options: RigOptions = {}): Promise<Rig> {
  const directory = await mkdtemp(join(tmpdir(), 'tekton-dag-orchestrator-'));
  await writeFiles(directory, {
    'stacks/stack-one.yaml': STACK_ONE,
    'teams/default/team.yaml': TEAM,
    ...options.files,
    'secrets/webhook': `${WEBHOOK_SECRET}\n`,
    'secrets/webhook-next': NEXT_SECRET,
    'secrets/token': API_TOKEN,
  });
  const env = { ...rigEnv(directory), ...options.env };
  const api = await startFakeApiServer();
  options.beforeStart?.(api);
  const client = createKubeClient(api.config);
  let orchestrator = await start(env, client, options.onLog);
  const stop = async (): Promise<void> => {
    await orchestrator.close();
    await client.close();
    await api[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  };
  const send = async ({ headers, body }: SignedDelivery): Promise<Response> =>
    fetch(`${orchestrator.url}/webhook/github`, { method: 'POST', headers, body: new Uint8Array(body) });
  return {
    api,
    client,
    env,
    send,
    get url() {
      return orchestrator.url;
    },
    deliver: async (payload, signing = {}) =>
      readAnswer(await send(signDelivery(payload, { secret: WEBHOOK_SECRET, ...signing }))),
    call: (method, path, body) => callApi(orchestrator.url, method, path, body),
    runs: async () => (await pipelineRunsIn(client, NAMESPACE).list()).items.toSorted(compareNames),
    endRun: async (name, status, reason) => {
      const conditions = [{ type: 'Succeeded', status, reason }];
      const completionTime = new Date().toISOString();
      await pipelineRunsIn(client, NAMESPACE).patch(
        name,
        { status: { conditions, completionTime } },
        { type: 'merge' },
      );
    },
    restart: async () => {
      await orchestrator.close();
      orchestrator = await start(env, client, options.onLog);
    },
    [Symbol.asyncDispose]: stop,
  };
}

/** The settings of an orchestrator whose platform, secrets and store are in `directory`. */
function rigEnv(directory: string): Record<string, string> {
  return {
    TEKTON_DAG_LISTEN_PORT: '0',
    TEKTON_DAG_STORE_URL: `sqlite:${join(directory, 'store.sqlite')}`,
    TEKTON_DAG_PLATFORM_DIR: directory,
    TEKTON_DAG_WEBHOOK_SECRET_FILE: join(directory, 'secrets/webhook'),
    TEKTON_DAG_WEBHOOK_SECRET_NEXT_FILE: join(directory, 'secrets/webhook-next'),
    TEKTON_DAG_API_TOKEN_FILE: join(directory, 'secrets/token'),
    TEKTON_DAG_MAX_BODY_BYTES: String(128 * 1024),
    TEKTON_DAG_LOG_LEVEL: 'silent',
    TEKTON_DAG_INSTANCE: 'rig',
  };
}

export async function readAnswer(response: Response): Promise<Answer> {
  const body: Omit<Answer, 'code'> = JSON.parse(await response.text());
  return { ...body, code: response.status };
}

async function start(
  env: Readonly<Record<string, string>>,
  client: KubeClient,
  onLog: ((line: string) => void) | undefined,
): Promise<Orchestrator> {
  const config = parseOrchestratorConfig(env, (path) => readFileSync(path, 'utf8'));
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  if (onLog === undefined) return startOrchestrator(config.value, { client });
  const log = createLogger({ ...config.value, logLevel: 'trace' }, { write: onLog });
  return startOrchestrator(config.value, { client, log });
}

function callApi(url: string, method: string, path: string, body: unknown): Promise<Response> {
  return fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${API_TOKEN}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

async function writeFiles(directory: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
}

function compareNames(a: PipelineRun, b: PipelineRun): number {
  return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;
}
