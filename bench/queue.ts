/**
 * 10,000 runs of 1,000 teams wait when the orchestrator starts, against the fake API server. JSON lines:
 * `restart`: until it is ready, until it knows all that wait, and the memory it then has; `admission`: runs let go per
 * second, where every team has room; `fairness`: runs let go and ended per second with slots for 100 at a time, and by how
 * many runs a team ever was behind its share of those let go.
 */

import { createKubeClient, createReflector, type GenericObject, type KubeClient } from '@tekton-dag/kube';
import { LABEL, MANAGED_BY } from '@tekton-dag/model';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { preparePlatform, type BenchPlatform } from './service/prepare-platform.ts';
import { startProcess, type BenchProcess } from './service/start-process.ts';

const RUNS = Number(process.env['RUNS'] ?? 10_000);
const TEAMS = Number(process.env['TEAMS'] ?? 1_000);
const NAMESPACES = Number(process.env['NAMESPACES'] ?? 20);
const SLOTS = 100;
const POLL_MS = 20;
const ENDING_AT_A_TIME = 20;

const RUNS_OF = {
  group: 'tekton.dev',
  version: 'v1',
  plural: 'pipelineruns',
  kind: 'PipelineRun',
  namespaced: true,
};

await measureRestart();
await measureFairness();

async function measureRestart(): Promise<void> {
  await using platform = await prepareTeams({ maxConcurrentRuns: RUNS });
  await using api = await startApi();
  await using watch = watchAdmissions(api.url);
  await watch.synced;
  const startedAtMs = performance.now();
  await using service = await startProcess('serve.ts', { ...platform.env, BENCH_API_URL: api.url });
  const readyMs = await untilReady(service, startedAtMs);
  while (watch.order.length === 0) await sleep(1);
  const firstMs = performance.now() - startedAtMs;
  const rssMb = await readRssMb(service.pid);
  while (watch.order.length < RUNS) await sleep(POLL_MS);
  const allMs = performance.now() - startedAtMs;
  report({
    name: 'queue-restart',
    runs: RUNS,
    teams: TEAMS,
    namespaces: NAMESPACES,
    readyMs,
    firstMs,
    rssMb,
  });
  report({ name: 'queue-admission', runs: RUNS, perSecond: (RUNS / (allMs - firstMs)) * 1_000 });
}

async function measureFairness(): Promise<void> {
  await using platform = await prepareTeams({ maxConcurrentRuns: 3 });
  await using api = await startApi();
  await using client = createClient(api.url);
  await using watch = watchAdmissions(api.url);
  await watch.synced;
  const env = { ...platform.env, TEKTON_DAG_MAX_LIVE_RUNS: String(SLOTS), BENCH_API_URL: api.url };
  await using service = await startProcess('serve.ts', env);
  await untilReady(service, performance.now());
  while (watch.order.length === 0) await sleep(1);
  const startedAtMs = performance.now();
  await endRunsInTurn(client, watch.order);
  const seconds = (performance.now() - startedAtMs) / 1_000;
  const teamsInOrder = watch.order.map(({ team }) => team);
  report({
    name: 'queue-fairness',
    slots: SLOTS,
    perSecond: RUNS / seconds,
    behindRuns: mostBehind(teamsInOrder),
  });
}

/** Each run ends a moment after it was let go, until all have ended. */
async function endRunsInTurn(client: KubeClient, order: readonly Admitted[]): Promise<void> {
  const status = { conditions: [{ type: 'Succeeded', status: 'True', reason: 'Succeeded' }] };
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < RUNS; index = next++) {
      while (order[index] === undefined) await sleep(1);
      const { namespace = '', name = '' } = order[index] ?? {};
      await client.resource(RUNS_OF, namespace).patch(name, { status }, { type: 'merge' });
    }
  };
  await Promise.all(Array.from({ length: ENDING_AT_A_TIME }, worker));
}

/** While all teams wait: how far the one that got least was ever behind an equal share. */
function mostBehind(order: readonly string[]): number {
  const got = new Map<string, number>();
  let most = 0;
  for (const [index, team] of order.entries()) {
    const before = got.get(team) ?? 0;
    most = Math.max(most, (index + 1) / TEAMS - before);
    got.set(team, before + 1);
  }
  return most;
}

interface Admitted {
  readonly namespace: string;
  readonly name: string;
  readonly team: string;
}

/** Runs in the order in which the API let go of them. */
function watchAdmissions(url: string) {
  const client = createClient(url);
  const order: Admitted[] = [];
  const reflector = createReflector(client.resource(RUNS_OF), {
    labelSelector: `${LABEL.managedBy}=${MANAGED_BY}`,
  });
  reflector.on((change) => {
    if (change.type !== 'modified' || !isPending(change.previous) || isPending(change.object)) return;
    const { namespace = '', name = '', labels = {} } = change.object.metadata ?? {};
    order.push({ namespace, name, team: labels[LABEL.team] ?? '' });
  });
  reflector.start();
  const close = async (): Promise<void> => {
    await reflector[Symbol.asyncDispose]();
    await client.close();
  };
  return { order, synced: reflector.synced, [Symbol.asyncDispose]: close };
}

function isPending({ spec }: GenericObject): boolean {
  return (
    typeof spec === 'object' && spec !== null && 'status' in spec && spec.status === 'PipelineRunPending'
  );
}

async function prepareTeams({
  maxConcurrentRuns,
}: {
  readonly maxConcurrentRuns: number;
}): Promise<BenchPlatform> {
  const platform = await preparePlatform();
  const teams = join(platform.directory, 'teams');
  await rm(teams, { recursive: true });
  for (let index = 0; index < TEAMS; index += 1) {
    await mkdir(join(teams, `team-${index}`), { recursive: true });
    const app = `{ name: web-${index}, repo: acme/app-${index}, role: standalone }`;
    await writeFile(
      join(platform.directory, `stacks/shop-${index}.yaml`),
      `name: shop-${index}\napps:\n  - ${app}\n`,
    );
    await writeFile(
      join(teams, `team-${index}`, 'team.yaml'),
      [
        `name: team-${index}`,
        `namespace: runs-${index % NAMESPACES}`,
        'imageRegistry: registry.example.com/acme',
        'gitUrl: https://github.com/acme/platform',
        `maxConcurrentRuns: ${Math.min(1_000, maxConcurrentRuns)}`,
        `stacks: [stacks/shop-${index}.yaml]`,
        '',
      ].join('\n'),
    );
  }
  return platform;
}

function startApi(): Promise<BenchProcess> {
  const env = { RUNS: String(RUNS), TEAMS: String(TEAMS), NAMESPACES: String(NAMESPACES) };
  return startProcess('serve-queued-api.ts', env);
}

function createClient(server: string): KubeClient {
  const config = { server, namespace: 'default', contextName: 'bench', insecureSkipTlsVerify: false };
  return createKubeClient({ ...config, credentials: {}, source: 'bench' });
}

async function untilReady({ url }: BenchProcess, startedAtMs: number): Promise<number> {
  while ((await fetch(`${url}/readyz`)).status !== 200) await sleep(POLL_MS);
  return performance.now() - startedAtMs;
}

async function readRssMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1_024;
}

function report(row: Readonly<Record<string, string | number>>): void {
  const rounded = Object.entries(row).map(([key, value]) =>
    typeof value === 'number' ? [key, Math.round(value * 10) / 10] : [key, value],
  );
  process.stdout.write(`${JSON.stringify(Object.fromEntries(rounded))}\n`);
}
