/** The test plan's graph in a store. */

import { expect, it } from 'vitest';
import type { TestPlanTraces } from '../src/index.ts';
import { describeDatabases } from './describe-databases.ts';

const scope = { team: 'default', stack: 'one' };
const traces: TestPlanTraces = {
  tests: [{ id: 'checkout', type: 'e2e' }],
  touches: [
    { test: 'checkout', service: 'web' },
    { test: 'checkout', service: 'api' },
  ],
  calls: [{ caller: 'web', callee: 'api' }],
};

describeDatabases('the test plan', (current) => {
  it('adds traces to what is known, each thing once', async () => {
    const { testPlan } = current().store;
    await testPlan.ingest(scope, traces, { nowMs: 1 });
    const more = {
      tests: [{ id: 'checkout', type: 'load' }],
      touches: [...traces.touches, ...traces.touches],
      calls: [{ caller: 'api', callee: 'db' }],
    };
    await testPlan.ingest(scope, more, { nowMs: 2 });
    expect(await testPlan.load(scope)).toEqual({
      services: ['api', 'db', 'web'],
      tests: [{ id: 'checkout', type: 'load' }],
      touches: [
        { test: 'checkout', service: 'api' },
        { test: 'checkout', service: 'web' },
      ],
      calls: [
        { caller: 'api', callee: 'db' },
        { caller: 'web', callee: 'api' },
      ],
    });
    expect(await testPlan.stats(scope)).toEqual({ services: 3, tests: 1, touches: 2, calls: 2 });
  });

  it('keeps scopes apart, and replaces one at once', async () => {
    const { testPlan } = current().store;
    const other = { team: 'other', stack: 'one' };
    await testPlan.ingest(scope, traces, { nowMs: 1 });
    await testPlan.ingest(other, traces, { nowMs: 1 });
    const single = { tests: [{ id: 'login', type: 'e2e' }], touches: [], calls: [] };
    await testPlan.ingest(scope, single, { nowMs: 2, replace: true });
    expect(await testPlan.stats(scope)).toEqual({ services: 0, tests: 1, touches: 0, calls: 0 });
    expect(await testPlan.stats(other)).toEqual({ services: 2, tests: 1, touches: 2, calls: 1 });
  });

  it('takes many traces from two writers at once', async () => {
    const { store, openAnother } = current();
    const names = Array.from({ length: 1_200 }, (_, index) => `service-${index}`);
    const many = (order: readonly string[]): TestPlanTraces => ({
      tests: order.map((id) => ({ id, type: 'e2e' })),
      touches: order.map((service) => ({ test: service, service })),
      calls: order.map((callee) => ({ caller: 'web', callee })),
    });
    const other = await openAnother();
    await Promise.all([
      store.testPlan.ingest(scope, many(names), { nowMs: 1 }),
      other.testPlan.ingest(scope, many(names.toReversed()), { nowMs: 2 }),
    ]);
    expect(await store.testPlan.stats(scope)).toEqual({
      services: 1_201,
      tests: 1_200,
      touches: 1_200,
      calls: 1_200,
    });
  });

  it('forgets what was not seen for long', async () => {
    const { testPlan } = current().store;
    await testPlan.ingest(scope, traces, { nowMs: 1 });
    await testPlan.ingest(scope, { tests: [], touches: [], calls: traces.calls }, { nowMs: 5 });
    expect(await testPlan.prune({ olderThanMs: 5 })).toBe(3);
    expect(await testPlan.load(scope)).toEqual({
      services: ['api', 'web'],
      tests: [],
      touches: [],
      calls: traces.calls,
    });
  });
});
