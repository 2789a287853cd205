/** findCycle: proof that a graph has no order. */

import { calleesOf, type Graph } from './graph.ts';

/** A cycle as a path whose last app is its first, such as `['a', 'b', 'a']`; undefined when there is none. */
export function findCycle(graph: Graph): string[] | undefined {
  const callees = calleesOf(graph);
  const done = new Set<string>();
  for (const app of graph.apps) {
    const cycle = findCycleFrom(app.name, callees, done);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

/** Walks what `root` reaches; `done` holds apps that are known to lie on no cycle. */
function findCycleFrom(
  root: string,
  callees: ReadonlyMap<string, readonly string[]>,
  done: Set<string>,
): string[] | undefined {
  const path: { readonly name: string; readonly rest: Iterator<string> }[] = [];
  const open = new Set<string>();
  const enter = (name: string): void => {
    if (done.has(name)) return;
    open.add(name);
    path.push({ name, rest: (callees.get(name) ?? []).values() });
  };
  enter(root);
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const next = top.rest.next();
    if (next.done === true) {
      path.pop();
      open.delete(top.name);
      done.add(top.name);
    } else if (open.has(next.value)) {
      const names = path.map((step) => step.name);
      return [...names.slice(names.indexOf(next.value)), next.value];
    } else {
      enter(next.value);
    }
  }
  return undefined;
}
