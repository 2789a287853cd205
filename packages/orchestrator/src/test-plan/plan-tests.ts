/** planTests: which tests a change of one app calls for, from the graph that traces have shown. Pure. */

import type { TestPlanGraph, TestPlanTest } from '@tekton-dag/store';

export interface TestPlan {
  /** `e2e` first, then by id. */
  readonly tests: readonly TestPlanTest[];
  /** What the selected tests touch, sorted. */
  readonly services: readonly string[];
  /** The app when the graph knows nothing of it, else empty. */
  readonly unmappedArea: string;
  /** Nothing can be said, so everything has to run. */
  readonly runAll: boolean;
  readonly message: string;
}

/** `radius` 1: tests that touch the app itself; N: also those that touch what is up to N - 1 calls away, either way. */
export function planTests(
  graph: TestPlanGraph,
  { app, radius }: { readonly app: string; readonly radius: number },
): TestPlan {
  const near = neighbourhoodOf(graph, app, radius - 1);
  const ids = new Set(graph.touches.filter(({ service }) => near.has(service)).map(({ test }) => test));
  const tests = graph.tests.filter(({ id }) => ids.has(id)).toSorted(compareTests);
  if (tests.length === 0) return unmapped(app);
  const services = graph.touches.filter(({ test }) => ids.has(test)).map(({ service }) => service);
  const e2e = tests.filter(isE2e).length;
  return {
    tests,
    services: [...new Set(services)].sort(),
    unmappedArea: '',
    runAll: false,
    message: `${tests.length} tests selected (${e2e} e2e, ${tests.length - e2e} individual)`,
  };
}

function unmapped(app: string): TestPlan {
  const message = `no test is known to touch ${app}: run all of them`;
  return { tests: [], services: [], unmappedArea: app, runAll: true, message };
}

/** Breadth first: the app and every service that is at most `hops` calls away. */
function neighbourhoodOf(graph: TestPlanGraph, app: string, hops: number): ReadonlySet<string> {
  const neighbours = neighboursOf(graph);
  const reached = new Set([app]);
  let edge: readonly string[] = [app];
  for (let hop = 0; hop < hops && edge.length > 0; hop += 1) {
    const next = edge.flatMap((service) => neighbours.get(service) ?? []);
    edge = [...new Set(next)].filter((service) => !reached.has(service));
    for (const service of edge) reached.add(service);
  }
  return reached;
}

function neighboursOf({ calls }: TestPlanGraph): ReadonlyMap<string, readonly string[]> {
  const neighbours = new Map<string, string[]>();
  const connect = (from: string, to: string): void => {
    const known = neighbours.get(from);
    if (known === undefined) neighbours.set(from, [to]);
    else known.push(to);
  };
  for (const { caller, callee } of calls) {
    connect(caller, callee);
    connect(callee, caller);
  }
  return neighbours;
}

function isE2e({ type }: TestPlanTest): boolean {
  return type === 'e2e';
}

function compareTests(a: TestPlanTest, b: TestPlanTest): number {
  const byType = Number(isE2e(b)) - Number(isE2e(a));
  return byType === 0 ? compareText(a.id, b.id) : byType;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
