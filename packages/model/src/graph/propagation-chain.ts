/** propagationChain: the way a session takes through the stack. */

import { entryApps } from './entry-apps.ts';
import { calleesOf, type Graph } from './graph.ts';
import { walkDepthFirst } from './walk-depth-first.ts';

/** Depth-first pre-order from every entry in file order; each app once, in linear time. */
export function propagationChain(graph: Graph): string[] {
  return walkFrom(graph, entryApps(graph));
}

/** The part of the chain that begins at `app`: the app, then all it reaches; empty for an app not in the graph. */
export function chainHops(graph: Graph, app: string): string[] {
  return graph.apps.some((one) => one.name === app) ? walkFrom(graph, [app]) : [];
}

function walkFrom(graph: Graph, roots: readonly string[]): string[] {
  const chain: string[] = [];
  walkDepthFirst(roots, calleesOf(graph), { enter: (name) => chain.push(name) });
  return chain;
}
