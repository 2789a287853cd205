/** Graph: the little that graph functions need of a stack; any `Stack` is one. */

/** Apps in file order; `downstream` names apps of the same graph, others are ignored. */
export interface Graph {
  readonly apps: readonly {
    readonly name: string;
    readonly downstream: readonly string[];
    readonly propagationRole?: 'originator' | 'forwarder' | 'terminal';
  }[];
}

/** Callees of each app in file order, references to no app of the graph left out. */
export function calleesOf(graph: Graph): ReadonlyMap<string, readonly string[]> {
  const names = new Set(graph.apps.map((app) => app.name));
  return new Map(graph.apps.map((app) => [app.name, app.downstream.filter((name) => names.has(name))]));
}

/** Callers of each app in file order; apps that nobody calls have an empty list. */
export function callersOf(graph: Graph): ReadonlyMap<string, readonly string[]> {
  const callers = new Map<string, string[]>(graph.apps.map((app) => [app.name, []]));
  for (const app of graph.apps) {
    for (const callee of new Set(app.downstream)) callers.get(callee)?.push(app.name);
  }
  return callers;
}
