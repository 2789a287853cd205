import { describe, expect, it } from 'vitest';
import type { Hop } from './hop.ts';
import { createHopLog } from './hop-log.ts';

function hop(sequence: number, service = 'app'): Hop {
  const place = { sequence, timeUnixMs: 0, namespace: 'staging', service, caller: null };
  return {
    ...place,
    session: 'pr-4',
    header: true,
    baggage: false,
    backend: 'b',
    pod: 'p',
    status: 200,
    durationMs: 1,
  };
}

describe('the hop log', () => {
  it('gives the hops of a trace in the order of arrival', () => {
    const log = createHopLog(() => 0);
    expect([log.arrive('t'), log.arrive('t'), log.arriveUntagged('t')]).toEqual([1, 2, 3]);
    log.record('t', hop(2, 'callee'));
    log.record('t', hop(1, 'caller'));
    expect(log.evidence('t')?.hops.map(({ service }) => service)).toEqual(['caller', 'callee']);
  });

  it('knows nothing of untagged requests of unknown traces', () => {
    const log = createHopLog(() => 0);
    expect(log.arriveUntagged('t')).toBeUndefined();
    expect(log.evidence('t')).toBeUndefined();
  });

  it('forgets the oldest traces when there are too many', () => {
    const log = createHopLog(() => 0, { maxTraces: 3 });
    for (const trace of ['a', 'b', 'c', 'd', 'e']) log.arrive(trace);
    expect(['a', 'b', 'c', 'd', 'e'].filter((trace) => log.evidence(trace) !== undefined)).toEqual([
      'c',
      'd',
      'e',
    ]);
  });

  it('forgets a trace when its time is over', () => {
    let now = 0;
    const log = createHopLog(() => now, { maxAgeMs: 100 });
    log.arrive('t');
    now = 100;
    expect(log.evidence('t')).toBeDefined();
    now = 101;
    expect(log.evidence('t')).toBeUndefined();
    expect(log.size).toBe(0);
  });

  it('keeps a bounded number of hops of a trace and says that there were more', () => {
    const log = createHopLog(() => 0, { maxHopsPerTrace: 2 });
    for (let count = 0; count < 5; count += 1) log.record('t', hop(log.arrive('t')));
    expect(log.evidence('t')).toMatchObject({ truncated: true, hops: [{ sequence: 1 }, { sequence: 2 }] });
  });

  it('keeps a bounded number of hops of all traces together', () => {
    const log = createHopLog(() => 0, { maxHops: 10 });
    for (let trace = 0; trace < 20; trace += 1) {
      for (let count = 0; count < 3; count += 1) log.record(`t${trace}`, hop(log.arrive(`t${trace}`)));
    }
    expect(log.size).toBeLessThanOrEqual(4);
    expect(log.evidence('t19')?.hops).toHaveLength(3);
  });
});
