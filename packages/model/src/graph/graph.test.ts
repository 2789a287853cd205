import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acyclicGraph, anyGraph, generateStack } from '../testing/index.ts';
import { calleesOf, callersOf, type Graph } from './graph.ts';
import {
  chainHops,
  entryApps,
  findCycle,
  propagationChain,
  requiredEdges,
  topologicalOrder,
} from './index.ts';

/** `a>b,c d` is a graph in which a calls b and c, and d nobody. */
function graph(text: string): Graph {
  const apps = text.split(' ').map((part) => {
    const [name = '', callees = ''] = part.split('>');
    return { name, downstream: callees === '' ? [] : callees.split(',') };
  });
  return { apps };
}

const DIAMOND = graph('a>b,c b>d c>d d');
const TWO_ROOTS = graph('x>z y>z,w z w');

function namesOf({ apps }: Graph): string[] {
  return apps.map((app) => app.name);
}

/** Everything reachable from `from`, found the slow and obvious way. */
function reachable(graph: Graph, from: string): Set<string> {
  const found = new Set([from]);
  for (let size = 0; size !== found.size;) {
    size = found.size;
    for (const name of found) for (const callee of calleesOf(graph).get(name) ?? []) found.add(callee);
  }
  return found;
}

describe('topologicalOrder', { timeout: 30_000 }, () => {
  it('takes the reverse of a depth-first post-order', () => {
    expect(topologicalOrder(DIAMOND)).toEqual(['a', 'c', 'b', 'd']);
    expect(topologicalOrder(TWO_ROOTS)).toEqual(['y', 'w', 'x', 'z']);
  });

  it('is a permutation with callers before callees', () => {
    fc.assert(
      fc.property(acyclicGraph(), (graph) => {
        const order = topologicalOrder(graph);
        expect(order.toSorted()).toEqual(namesOf(graph).toSorted());
        for (const [caller, callees] of calleesOf(graph)) {
          for (const callee of callees) expect(order.indexOf(caller)).toBeLessThan(order.indexOf(callee));
        }
      }),
    );
  });
});

describe('entryApps', () => {
  it('finds every root in file order', () => {
    expect(entryApps(TWO_ROOTS)).toEqual(['x', 'y']);
    expect(entryApps(graph('a>b b>a'))).toEqual([]);
  });
});

describe('propagationChain', { timeout: 30_000 }, () => {
  it('walks from every entry in file order, each app once', () => {
    expect(propagationChain(DIAMOND)).toEqual(['a', 'b', 'd', 'c']);
    expect(propagationChain(TWO_ROOTS)).toEqual(['x', 'z', 'y', 'w']);
  });

  it('holds every app exactly once', () => {
    fc.assert(
      fc.property(acyclicGraph(), (graph) => {
        expect(propagationChain(graph).toSorted()).toEqual(namesOf(graph).toSorted());
      }),
    );
  });

  it('stays linear where the number of paths doubles with every layer', () => {
    const layers = Array.from({ length: 60 }, (_, n) => `a${n}>b${n},c${n} b${n}>a${n + 1} c${n}>a${n + 1}`);
    const ladder = graph([...layers, 'a60'].join(' '));
    expect(propagationChain(ladder)).toHaveLength(181);
  });

  it('survives a chain deeper than the call stack', () => {
    const apps = Array.from({ length: 20_000 }, (_, n) => ({ name: `a${n}`, downstream: [`a${n + 1}`] }));
    expect(propagationChain({ apps })).toHaveLength(20_000);
    expect(topologicalOrder({ apps })[0]).toBe('a0');
    expect(findCycle({ apps })).toBeUndefined();
  });
});

describe('chainHops', () => {
  it('begins at the app and goes on to what it reaches', () => {
    expect(chainHops(DIAMOND, 'b')).toEqual(['b', 'd']);
    expect(chainHops(TWO_ROOTS, 'y')).toEqual(['y', 'z', 'w']);
    expect(chainHops(DIAMOND, 'ghost')).toEqual([]);
  });
});

describe('requiredEdges', { timeout: 30_000 }, () => {
  it('names the edges on every path to what changed and no other', () => {
    expect(requiredEdges(DIAMOND, ['d'])).toEqual([
      { caller: 'a', callee: 'b' },
      { caller: 'a', callee: 'c' },
      { caller: 'c', callee: 'd' },
      { caller: 'b', callee: 'd' },
    ]);
  });

  it('hold what a changed app calls, unless it is a terminal', () => {
    expect(requiredEdges(DIAMOND, ['b'])).toEqual([
      { caller: 'a', callee: 'b' },
      { caller: 'b', callee: 'd' },
    ]);
    const apps = DIAMOND.apps.map((app) => ({ ...app, propagationRole: 'terminal' as const }));
    expect(requiredEdges({ apps }, ['b'])).toEqual([{ caller: 'a', callee: 'b' }]);
    expect(requiredEdges({ apps }, ['a'])).toEqual([]);
  });

  it('are exactly the edges that lead to a changed app or leave one', () => {
    fc.assert(
      fc.property(acyclicGraph(), fc.infiniteStream(fc.boolean()), (graph, coin) => {
        const changed = namesOf(graph).filter(() => coin.next().value);
        const expected = [...calleesOf(graph)].flatMap(([caller, callees]) =>
          callees
            .filter(
              (callee) =>
                changed.includes(caller) || changed.some((name) => reachable(graph, callee).has(name)),
            )
            .map((callee) => `${caller}>${callee}`),
        );
        const edges = requiredEdges(graph, changed).map(({ caller, callee }) => `${caller}>${callee}`);
        expect(edges.toSorted()).toEqual(expected.toSorted());
      }),
    );
  });

  it('ignores names that are not in the graph', () => {
    expect(requiredEdges(DIAMOND, ['ghost', 'constructor'])).toEqual([]);
  });
});

describe('findCycle', { timeout: 30_000 }, () => {
  it.each([
    ['a>a', ['a', 'a']],
    ['a>b b>c c>b', ['b', 'c', 'b']],
    ['r>a a>b b>c c>a', ['a', 'b', 'c', 'a']],
  ])('finds the path of %s', (text, path) => {
    expect(findCycle(graph(text))).toEqual(path);
  });

  it('finds a true cycle exactly when there is one', () => {
    fc.assert(
      fc.property(anyGraph(), (graph) => {
        const cycle = findCycle(graph);
        const cyclic = [...calleesOf(graph)].some(([name, callees]) =>
          callees.some((callee) => reachable(graph, callee).has(name)),
        );
        expect(cycle !== undefined).toBe(cyclic);
        if (cycle === undefined) return;
        expect(cycle.at(-1)).toBe(cycle[0]);
        expect(new Set(cycle).size).toBe(cycle.length - 1);
        const steps = cycle.slice(1).map((callee, index) => [cycle[index] ?? '', callee] as const);
        for (const [caller, callee] of steps) expect(calleesOf(graph).get(caller)).toContain(callee);
      }),
    );
  });
});

describe('generateStack', () => {
  it.each([1, 40, 1000])('makes %i apps, all reached from one entry, without a cycle', (apps) => {
    const stack = generateStack({ apps });
    expect(stack.apps).toHaveLength(apps);
    expect(entryApps(stack)).toEqual(['app-0']);
    expect(findCycle(stack)).toBeUndefined();
    expect(generateStack({ apps })).toEqual(stack);
    expect(callersOf(stack).get('app-0')).toEqual([]);
  });
});
