/** entryApps: where requests come into the stack. */

import { callersOf, type Graph } from './graph.ts';

/** Apps that no app calls, in file order; a graph that is one cycle has none. */
export function entryApps(graph: Graph): string[] {
  const callers = callersOf(graph);
  return graph.apps.map((app) => app.name).filter((name) => callers.get(name)?.length === 0);
}
