/** requiredEdges: the calls a session must cross for tagged traffic to reach what changed. */

import type { Edge } from '../plan/plan.ts';
import { calleesOf, callersOf, type Graph } from './graph.ts';
import { topologicalOrder } from './topological-order.ts';
import { walkDepthFirst } from './walk-depth-first.ts';

/**
 * Edges that lie on a path from an entry to one of `changed`, by caller in topological order.
 * In a graph without cycles every app is reached from an entry, so these are the edges into `changed` and its callers.
 */
export function requiredEdges(graph: Graph, changed: readonly string[]): Edge[] {
  const leading = new Set<string>();
  const callees = calleesOf(graph);
  const roots = changed.filter((name) => callees.has(name));
  walkDepthFirst(roots, callersOf(graph), { enter: (name) => leading.add(name) });
  return topologicalOrder(graph).flatMap((caller) =>
    [...new Set(callees.get(caller))]
      .filter((callee) => leading.has(callee))
      .map((callee) => ({ caller, callee })),
  );
}

/** Apps that must pass the session on for it to reach `changed`, callers before callees. */
export function requiredForwarders(graph: Graph, changed: readonly string[]): string[] {
  return [...new Set(requiredEdges(graph, changed).map((edge) => edge.caller))];
}
