import { describe, expect, it } from 'vitest';
import { mergeTapHops } from './merge-tap-hops.ts';
import type { Hop } from './evidence.ts';

const hop = (fields: Partial<Hop>): Hop => ({
  namespace: 'staging',
  service: 'api',
  caller: 'web',
  backend: 'api-baseline',
  pod: 'baseline-pod',
  status: 200,
  session: 'pr-4-abc',
  header: true,
  baggage: true,
  timeUnixMs: 1,
  ...fields,
});
const tapHop = (fields: Partial<Hop> = {}): Hop =>
  hop({ caller: 'api', backend: 'api-pr-4-abc', pod: 'pr-pod', timeUnixMs: 2, ...fields });

describe('mergeTapHops', () => {
  it('takes the caller from the router and the answerer from the tap', () => {
    expect(mergeTapHops([hop({})], [tapHop({ status: 201 })])).toEqual([
      hop({ backend: 'api-pr-4-abc', pod: 'pr-pod', status: 201 }),
    ]);
  });

  it('leaves a request that nobody stole with the baseline', () => {
    const merged = mergeTapHops([hop({}), hop({ timeUnixMs: 5 })], [tapHop()]);
    expect(merged.map(({ backend }) => backend)).toEqual(['api-pr-4-abc', 'api-baseline']);
  });

  it('joins each tapped request with one routed request', () => {
    const merged = mergeTapHops(
      [hop({}), hop({ timeUnixMs: 5, caller: 'mid' })],
      [tapHop(), tapHop({ timeUnixMs: 6 })],
    );
    expect(merged.map(({ backend, caller }) => [backend, caller])).toEqual([
      ['api-pr-4-abc', 'web'],
      ['api-pr-4-abc', 'mid'],
    ]);
  });

  it('keeps services, namespaces and sessions apart', () => {
    const others = [hop({ service: 'web' }), hop({ namespace: 'other' }), hop({ session: 'pr-42-abc' })];
    expect(mergeTapHops(others, [tapHop()])).toEqual([...others, tapHop({ caller: null })]);
  });
});
