/** walkDepthFirst: visits each app once, iteratively, so that a long chain cannot exhaust the stack. */

interface Visitor {
  /** Before the app's callees. */
  enter?(name: string): void;
  /** After the app's callees. */
  leave?(name: string): void;
}

/** Visits what `roots` reach, in order, each app once and in linear time; a cycle is walked once. */
export function walkDepthFirst(
  roots: readonly string[],
  callees: ReadonlyMap<string, readonly string[]>,
  visitor: Visitor,
): void {
  const seen = new Set<string>();
  const open: { readonly name: string; readonly rest: Iterator<string> }[] = [];
  const enter = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    visitor.enter?.(name);
    open.push({ name, rest: (callees.get(name) ?? []).values() });
  };
  for (const root of roots) {
    enter(root);
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const next = top.rest.next();
      if (next.done !== true) {
        enter(next.value);
      } else {
        open.pop();
        visitor.leave?.(top.name);
      }
    }
  }
}
