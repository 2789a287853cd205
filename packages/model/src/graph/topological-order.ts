/** topologicalOrder: callers before callees. */

import { calleesOf, type Graph } from './graph.ts';
import { walkDepthFirst } from './walk-depth-first.ts';

/**
 * Every app once, callers before callees: the reverse of a depth-first post-order over the apps in file order.
 * The graph must have no cycle (`findCycle`); with one the order is a permutation but callers may come late.
 */
export function topologicalOrder(graph: Graph): string[] {
  const order: string[] = [];
  const names = graph.apps.map((app) => app.name);
  walkDepthFirst(names, calleesOf(graph), { leave: (name) => order.push(name) });
  return order.reverse();
}
