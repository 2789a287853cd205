/** How long planning takes: one JSON line per stack size, `{name, medianMs, p99Ms, runs}`. */

import { planRun, type PlanRequest } from '@tekton-dag/model';
import { generateStack } from '@tekton-dag/model/testing';

const SIZES = [
  { apps: 40, runs: 2000 },
  { apps: 1000, runs: 200 },
];
const WARM_UP_RUNS = 20;

for (const { apps, runs } of SIZES) {
  const request = requestOf(apps);
  for (let run = 0; run < WARM_UP_RUNS; run += 1) measure(request);
  const durationsMs = Array.from({ length: runs }, () => measure(request)).toSorted((a, b) => a - b);
  const medianMs = quantile(durationsMs, 0.5);
  const p99Ms = quantile(durationsMs, 0.99);
  console.log(JSON.stringify({ name: `plan-${apps}-apps`, medianMs, p99Ms, runs }));
}

function measure(request: PlanRequest): number {
  const startMs = performance.now();
  const plan = planRun(request);
  const durationMs = performance.now() - startMs;
  if (!plan.ok) throw new Error('the request of the benchmark has no plan');
  return durationMs;
}

/** A pull request that names no app, so that every app is built and tested: the most work a plan can be. */
function requestOf(apps: number): PlanRequest {
  const stack = generateStack({ apps });
  const revision = { sha: 'a'.repeat(40), tree: 'b'.repeat(40) };
  return {
    mode: 'pr',
    team: 'default',
    stack,
    versions: { apps: {} },
    overrides: {},
    changedApps: [],
    revisions: Object.fromEntries(stack.apps.map((app) => [app.name, revision])),
    registry: 'registry.example.com/acme',
    pullRequest: 42,
    repository: 'acme/app-0',
    forceRebuild: false,
    interceptBackend: 'gateway',
    maxParallelBuilds: 5,
    defaultNamespace: 'staging',
  };
}

function quantile(sorted: readonly number[], share: number): number {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return Math.round(value * 1000) / 1000;
}
