import { describe, expect, it } from 'vitest';
import { collectionTraces } from '../testing/collection-traces.ts';
import { planTests } from './plan-tests.ts';
import { readTraces } from './read-traces.ts';
import { traceBody } from './trace-body.ts';

const read = (traces: unknown) => {
  const shown = readTraces(traceBody.parse(traces));
  return { ...shown, services: [...new Set(shown.touches.map(({ service }) => service))].sort() };
};
const collection = read(collectionTraces);
const idsOf = (app: string, radius = 1) =>
  planTests(collection, { app, radius }).tests.map(({ id, type }) => `${type} ${id}`);

describe('the graph of the demo collection', () => {
  it('has the counts that users know', () => {
    const { services, tests, touches, calls } = collection;
    expect([services, tests, touches, calls].map(({ length }) => length)).toEqual([3, 6, 11, 2]);
  });

  it('selects the tests that touch the app, e2e first', () => {
    expect(idsOf('demo-fe')).toEqual([
      'e2e e2e/fe-checkout-flow',
      'e2e e2e/fe-smoke',
      'individual individual/fe-unit-api',
    ]);
    expect(idsOf('demo-api')).toEqual([
      'e2e e2e/bff-integration',
      'e2e e2e/fe-checkout-flow',
      'e2e e2e/fe-smoke',
      'individual individual/api-crud',
      'individual individual/api-validation',
    ]);
  });

  it('tells what the selected tests touch, and how many they are', () => {
    expect(planTests(collection, { app: 'demo-fe', radius: 1 })).toMatchObject({
      services: ['demo-api', 'demo-fe', 'release-lifecycle-demo'],
      message: '3 tests selected (2 e2e, 1 individual)',
      unmappedArea: '',
      runAll: false,
    });
  });

  it('asks to run everything for an app that it does not know', () => {
    expect(planTests(collection, { app: 'new-service', radius: 3 })).toMatchObject({
      tests: [],
      services: [],
      unmappedArea: 'new-service',
      runAll: true,
    });
  });
});

describe('the radius', () => {
  const chain = {
    services: ['a', 'b', 'c', 'd'],
    tests: ['a', 'b', 'c', 'd'].map((name) => ({ id: `t-${name}`, type: 'unit' })),
    touches: ['a', 'b', 'c', 'd'].map((service) => ({ test: `t-${service}`, service })),
    calls: [
      { caller: 'a', callee: 'b' },
      { caller: 'b', callee: 'c' },
      { caller: 'c', callee: 'd' },
    ],
  };
  it.each([
    [1, ['t-b']],
    [2, ['t-a', 't-b', 't-c']],
    [3, ['t-a', 't-b', 't-c', 't-d']],
    [64, ['t-a', 't-b', 't-c', 't-d']],
  ])('%i reaches one call less, in both directions', (radius, expected) => {
    expect(planTests(chain, { app: 'b', radius }).tests.map(({ id }) => id)).toEqual(expected);
  });
});
