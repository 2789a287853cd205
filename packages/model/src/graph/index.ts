/** What is computed from the edges of a stack alone. All functions are linear in apps plus edges. */

export { entryApps } from './entry-apps.ts';
export { findCycle } from './find-cycle.ts';
export type { Graph } from './graph.ts';
export { chainHops, propagationChain } from './propagation-chain.ts';
export { requiredEdges } from './required-edges.ts';
export { topologicalOrder } from './topological-order.ts';
