import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildPipelineGraph, dependenciesOf } from './pipeline-graph.ts';

describe('buildPipelineGraph', () => {
  it('finds an edge in runAfter, in params, in guards and in a matrix', () => {
    const task = {
      name: 'x',
      runAfter: ['a'],
      params: [{ name: 'p', value: '$(tasks.b.results.r)' }],
      when: [{ input: "$(tasks.c.results['r'])", operator: 'in', values: ['$(tasks.d.results.list[*])'] }],
      matrix: { params: [{ name: 'm', value: ['$(tasks.e.results.o.key)'] }] },
    };
    expect(dependenciesOf(task).toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('accepts every graph whose edges point backwards, however long', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat(99), { maxLength: 4 }), { minLength: 1, maxLength: 100 }),
        (edges) => {
          const tasks = edges.map((targets, index) => ({
            name: `t${index}`,
            runAfter: targets.filter((target) => target < index).map((target) => `t${target}`),
          }));
          expect(buildPipelineGraph(tasks).ok).toBe(true);
        },
      ),
    );
  });

  it('names every task of a cycle', () => {
    const graph = buildPipelineGraph([
      { name: 'root' },
      { name: 'a', runAfter: ['root', 'c'] },
      { name: 'b', runAfter: ['a'] },
      { name: 'c', runAfter: ['b'] },
    ]);
    expect(graph).toEqual({ ok: false, error: 'cycle detected: a -> c -> b -> a' });
  });
});
