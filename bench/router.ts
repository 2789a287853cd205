/**
 * What the router costs: latency that it adds at 1,000 requests per second, and how many it carries at full speed.
 * JSON lines `{name, routes, traffic, ...}`; `added...` is against the same load sent to the backend directly.
 * Backend, router and load generator are processes of their own; where taskset exists the router has a core for itself.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { loadAtFullSpeed, loadAtRate, type Target } from './router/generate-load.ts';

const RATE_PER_SECOND = 1_000;
const ROUND_MS = 2_000;
const ROUNDS = 3;
/** Loopback, and nobody else's. */
const ADDRESS = `127.77.${Math.floor(process.pid / 256) % 256}.${process.pid % 256}`;
const ROUTER_URL = `http://${ADDRESS}:20000`;
const cores = availableParallelism();
const canPin = cores > 1 && spawnSync('taskset', ['-V']).status === 0;
const processes: ChildProcess[] = [];

const CASES = [
  { routes: 1, traffic: 'untagged', headers: {} },
  { routes: 100, traffic: 'untagged', headers: {} },
  { routes: 100, traffic: 'tagged by header', headers: { 'x-dev-session': 'pr-50' } },
  { routes: 100, traffic: 'tagged by baggage', headers: { baggage: 'user=ann,dev-session=pr-50' } },
];

try {
  if (canPin) spawnSync('taskset', ['-a', '-c', '-p', coreOfOthers(), String(process.pid)]);
  const backend = await start('serve-backend.ts', [ADDRESS], coreOfOthers());
  const direct: Target = { url: `http://${ADDRESS}:${backend.output}`, headers: {} };
  for (const { routes, traffic, headers } of CASES) {
    const router = await start('serve-router.ts', [ADDRESS, backend.output, String(routes)], '0');
    await measure({ routes, traffic, direct: { ...direct, headers }, routed: { url: ROUTER_URL, headers } });
    await stop(router.child);
  }
} finally {
  for (const child of processes) child.kill();
}

async function measure(input: {
  routes: number;
  traffic: string;
  direct: Target;
  routed: Target;
}): Promise<void> {
  const { routes, traffic, direct, routed } = input;
  const fullSpeed = {
    direct: await loadAtFullSpeed(direct, ROUND_MS),
    routed: await loadAtFullSpeed(routed, ROUND_MS),
  };
  const latencies: { direct: number[]; routed: number[] } = { direct: [], routed: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    latencies.direct.push(...(await loadAtRate(direct, RATE_PER_SECOND, ROUND_MS)));
    latencies.routed.push(...(await loadAtRate(routed, RATE_PER_SECOND, ROUND_MS)));
  }
  const [directP50, directP99] = percentiles(latencies.direct);
  const [routedP50, routedP99] = percentiles(latencies.routed);
  const common = { routes, traffic, pinned: canPin, cores };
  console.log(
    JSON.stringify({
      name: 'router/latency',
      ...common,
      ratePerSecond: RATE_PER_SECOND,
      requests: latencies.routed.length,
      directP50Ms: round(directP50),
      directP99Ms: round(directP99),
      addedP50Ms: round(routedP50 - directP50),
      addedP99Ms: round(routedP99 - directP99),
    }),
  );
  const { direct: directPerSecond, routed: routedPerSecond } = fullSpeed;
  console.log(
    JSON.stringify({
      name: 'router/full-speed',
      ...common,
      requestsPerSecond: Math.round(routedPerSecond),
      directRequestsPerSecond: Math.round(directPerSecond),
    }),
  );
}

/** Starts a process and answers its first line. */
async function start(
  file: string,
  args: readonly string[],
  core: string,
): Promise<{ child: ChildProcess; output: string }> {
  const command = [process.execPath, join(import.meta.dirname, 'router', file), ...args];
  const [program = '', ...rest] = canPin ? ['taskset', '-c', core, ...command] : command;
  const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
  processes.push(child);
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return { child, output: String(line) };
}

async function stop(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill();
  await exited;
}

/** The router has core 0 for itself. */
function coreOfOthers(): string {
  return cores > 2 ? `1-${cores - 1}` : '1';
}

function percentiles(latencies: readonly number[]): [number, number] {
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0;
  return [at(0.5), at(0.99)];
}

function round(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
