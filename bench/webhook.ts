/**
 * How fast signed webhooks are acknowledged, durably: a real orchestrator process on a SQLite file, over loopback.
 * JSON lines `{name, requests, errors, perSecond, p50Ms, p99Ms, maxMs}`; `sent at 1000 rps` counts each latency from
 * the time the request was due, so that a stall is felt by all that wait behind it.
 */

import { createKubeClient, type KubeConfig } from '@tekton-dag/kube';
import { startFakeApiServer } from '@tekton-dag/kube/testing';
import { parseOrchestratorConfig, startOrchestrator } from '@tekton-dag/orchestrator';
import { pullRequestPayload, signDelivery, type SignedDelivery } from '@tekton-dag/orchestrator/testing';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const CONNECTIONS = 50;
const CLOSED_REQUESTS = 5_000;
const OPEN_RATE_PER_S = 1_000;
const OPEN_REQUESTS = 10_000;
const WARM_UP_REQUESTS = 500;
const SECRET = 'a secret that only this benchmark knows';
const TOKEN = 'a token that only this benchmark knows';
/** Rendered once: the load must cost little beside what it measures. */
const PLACEHOLDER = '1234567890';
const TEMPLATE = JSON.stringify(pullRequestPayload({ number: Number(PLACEHOLDER) }));
/** Of the delivery made last. */
let pullRequest = 0;
const ROOT = fileURLToPath(new URL('..', import.meta.url));

if (process.argv[2] === 'serve') await serve();
else if (process.argv[2] === 'api') await serveApi();
else await measure();

/** The cluster, in a process of its own: what it costs must not delay the load. */
async function serveApi(): Promise<void> {
  const { url } = await startFakeApiServer();
  console.log(url);
}

/** The orchestrator's process; tells its URL on stdout. */
async function serve(): Promise<void> {
  const { BENCH_API_URL = '', ...env } = process.env;
  const config = parseOrchestratorConfig(env, (path) => readFileSync(path, 'utf8'));
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  const kubeConfig: KubeConfig = {
    server: BENCH_API_URL,
    namespace: 'default',
    contextName: 'bench',
    insecureSkipTlsVerify: false,
    credentials: {},
    source: 'bench',
  };
  const { url } = await startOrchestrator(config.value, { client: createKubeClient(kubeConfig) });
  console.log(url);
}

async function measure(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'tekton-dag-bench-'));
  const children: ChildProcess[] = [];
  try {
    const env = await prepareDirectory(directory);
    const api = await startSelf('api', {}, children);
    const url = await startSelf('serve', { ...env, BENCH_API_URL: api }, children);
    await measureClosed(url, WARM_UP_REQUESTS);
    report(`webhook-${CONNECTIONS}-connections`, await measureClosed(url, CLOSED_REQUESTS));
    report(`webhook-${OPEN_RATE_PER_S}-rps`, await measureOpen(url, OPEN_REQUESTS, OPEN_RATE_PER_S));
  } finally {
    await Promise.all(children.map(endChild));
    await rm(directory, { recursive: true });
  }
}

/** Starts this file with another task and gives the URL that it prints first. */
async function startSelf(
  task: 'api' | 'serve',
  env: Record<string, string>,
  children: ChildProcess[],
): Promise<string> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), task], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [url] = await once(createInterface({ input: child.stdout }), 'line');
  return String(url);
}

async function endChild(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

async function prepareDirectory(directory: string): Promise<Record<string, string>> {
  await cp(join(ROOT, 'stacks'), join(directory, 'stacks'), { recursive: true });
  await cp(join(ROOT, 'teams'), join(directory, 'teams'), { recursive: true });
  await mkdir(join(directory, 'secrets'));
  await writeFile(join(directory, 'secrets/webhook'), SECRET);
  await writeFile(join(directory, 'secrets/token'), TOKEN);
  return {
    TEKTON_DAG_LISTEN_PORT: '0',
    TEKTON_DAG_STORE_URL: `sqlite:${join(directory, 'store.sqlite')}`,
    TEKTON_DAG_PLATFORM_DIR: directory,
    TEKTON_DAG_WEBHOOK_SECRET_FILE: join(directory, 'secrets/webhook'),
    TEKTON_DAG_API_TOKEN_FILE: join(directory, 'secrets/token'),
    TEKTON_DAG_LOG_LEVEL: 'warn',
  };
}

interface Measurement {
  readonly latenciesMs: number[];
  readonly durationMs: number;
  readonly errors: number;
}

/** Each connection sends its next request when it has the answer to the one before. */
async function measureClosed(url: string, count: number): Promise<Measurement> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const deliveries = Array.from({ length: count }, makeDelivery).values();
  const measurement: { latenciesMs: number[]; errors: number } = { latenciesMs: [], errors: 0 };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, () => sendAll(url, agent, deliveries, measurement)));
  agent.destroy();
  return { ...measurement, durationMs: performance.now() - startedAt };
}

async function sendAll(
  url: string,
  agent: Agent,
  deliveries: Iterator<SignedDelivery> & Iterable<SignedDelivery>,
  measurement: { readonly latenciesMs: number[]; errors: number },
): Promise<void> {
  for (let next = deliveries.next(); next.done !== true; next = deliveries.next()) {
    const sentAt = performance.now();
    const status = await send(url, agent, next.value);
    measurement.latenciesMs.push(performance.now() - sentAt);
    if (status !== 202) measurement.errors += 1;
  }
}

/** A request is due every `1000 / ratePerS` ms, whether or not the ones before were answered. */
async function measureOpen(url: string, count: number, ratePerS: number): Promise<Measurement> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const measurement: { latenciesMs: number[]; errors: number } = { latenciesMs: [], errors: 0 };
  const answers: Promise<void>[] = [];
  // Signed beforehand: GitHub's work is not part of what is measured.
  const deliveries = Array.from({ length: count }, makeDelivery);
  const startedAt = performance.now();
  while (answers.length < count) {
    const dueCount = Math.min(count, Math.floor(((performance.now() - startedAt) * ratePerS) / 1_000));
    while (answers.length < dueCount) {
      const dueAt = startedAt + (answers.length * 1_000) / ratePerS;
      const delivery = deliveries[answers.length] ?? makeDelivery();
      answers.push(
        send(url, agent, delivery).then((status) => {
          measurement.latenciesMs.push(performance.now() - dueAt);
          if (status !== 202) measurement.errors += 1;
        }),
      );
    }
    await new Promise((resolve) => void setTimeout(resolve, 1));
  }
  await Promise.all(answers);
  agent.destroy();
  return { ...measurement, durationMs: performance.now() - startedAt };
}

/** A pull request of its own, so that no delivery is a duplicate. */
function makeDelivery(): SignedDelivery {
  pullRequest += 1;
  return signDelivery(TEMPLATE.replaceAll(PLACEHOLDER, String(pullRequest)), { secret: SECRET });
}

/** The status of the answer; 0 when there was none. */
function send(url: string, agent: Agent, { headers, body }: SignedDelivery): Promise<number> {
  return new Promise((resolve) => {
    const options = { method: 'POST', agent, headers: { ...headers, 'content-length': body.length } };
    const outgoing = request(`${url}/webhook/github`, options, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    outgoing.on('error', () => resolve(0));
    outgoing.end(body);
  });
}

function report(name: string, { latenciesMs, durationMs, errors }: Measurement): void {
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  const line = {
    name,
    requests: sorted.length,
    errors,
    perSecond: Math.round((sorted.length / durationMs) * 1_000),
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
    maxMs: quantile(sorted, 1),
  };
  console.log(JSON.stringify(line));
}

function quantile(sorted: readonly number[], share: number): number {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return Math.round(value * 1000) / 1000;
}
