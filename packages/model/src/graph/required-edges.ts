/** requiredEdges: the calls a session must cross: those that lead to what changed, and those that what changed makes. */

import type { Edge } from '../plan/plan.ts';
import { calleesOf, callersOf, type Graph } from './graph.ts';
import { topologicalOrder } from './topological-order.ts';
import { walkDepthFirst } from './walk-depth-first.ts';

/**
 * Edges that lie on a path from an entry to one of `changed`, and edges that leave a changed app which is no terminal:
 * an app that stops passing the session on breaks every later intercept behind it. By caller in topological order.
 * In a graph without cycles every app is reached from an entry, so the former are the edges into `changed` and its callers.
 */
export function requiredEdges(graph: Graph, changed: readonly string[]): Edge[] {
  const callees = calleesOf(graph);
  const leading = new Set<string>();
  const roots = changed.filter((name) => callees.has(name));
  walkDepthFirst(roots, callersOf(graph), { enter: (name) => leading.add(name) });
  const forwarding = changedForwarders(graph, new Set(roots));
  return topologicalOrder(graph).flatMap((caller) =>
    [...new Set(callees.get(caller))]
      .filter((callee) => leading.has(callee) || forwarding.has(caller))
      .map((callee) => ({ caller, callee })),
  );
}

function changedForwarders(graph: Graph, changed: ReadonlySet<string>): Set<string> {
  const forwarders = graph.apps.filter((app) => app.propagationRole !== 'terminal' && changed.has(app.name));
  return new Set(forwarders.map((app) => app.name));
}
