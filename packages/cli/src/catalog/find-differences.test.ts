import { describe, expect, it } from 'vitest';
import { findDifferences } from './find-differences.ts';

const task = (fields: object, metadata: object = {}): Record<string, unknown> => ({
  kind: 'Task',
  metadata: { name: 't', ...metadata },
  spec: { steps: [{ name: 'a', image: 'one' }], ...fields },
});

describe('findDifferences', () => {
  it('names each place that differs, with both values', () => {
    const wanted = task({ steps: [{ name: 'a', image: 'two', env: [] }], description: 'new' });
    expect(findDifferences(task({}), wanted)).toEqual([
      { path: 'spec.steps[0].image', present: 'one', wanted: 'two' },
      { path: 'spec.description', present: undefined, wanted: 'new' },
    ]);
  });

  it('sees what is only there, and lists of another length', () => {
    const present = task({ steps: [{ name: 'a', image: 'one', onError: 'continue' }, { name: 'b' }] });
    expect(findDifferences(present, task({})).map(({ path }) => path)).toEqual(['spec.steps']);
    const extra = task({ steps: [{ name: 'a', image: 'one', onError: 'continue' }] });
    expect(findDifferences(extra, task({})).map(({ path }) => path)).toEqual(['spec.steps[0].onError']);
  });

  it('passes over what the server and kubectl write', () => {
    const noted = { 'kubectl.kubernetes.io/last-applied-configuration': '{}' };
    const present = { ...task({}, { uid: '1', resourceVersion: '2', annotations: noted }), status: { a: 1 } };
    expect(findDifferences(present, task({}))).toEqual([]);
    expect(findDifferences(task({}, { labels: { a: 'b' } }), task({}))).toHaveLength(1);
  });

  it('takes an account without a namespace for one of its own', () => {
    const binding = (fields: object): Record<string, unknown> => ({
      kind: 'RoleBinding',
      metadata: { name: 'b', namespace: 'ci' },
      subjects: [{ kind: 'ServiceAccount', name: 'a', ...fields }],
    });
    expect(findDifferences(binding({ namespace: 'ci' }), binding({}))).toEqual([]);
    expect(findDifferences(binding({ namespace: 'other' }), binding({}))).toHaveLength(1);
  });
});
