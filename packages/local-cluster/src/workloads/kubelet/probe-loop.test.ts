import { describe, expect, it } from 'vitest';
import { createProbeTally } from './probe-loop.ts';

describe('the tally of a probe', () => {
  it('turns healthy with the first success and unhealthy after failureThreshold failures a period apart', () => {
    const tally = createProbeTally({ periodSeconds: 10, failureThreshold: 2 });
    expect(tally.count(true, 100)).toEqual({ counted: true, verdict: true });
    expect(tally.count(false, 10_100)).toEqual({ counted: true });
    expect(tally.count(false, 20_100)).toEqual({ counted: true, verdict: false });
    expect(tally.count(false, 30_100)).toEqual({ counted: true });
  });

  it('does not count failures of the first second, nor between two periods', () => {
    const tally = createProbeTally({ periodSeconds: 10, failureThreshold: 1 });
    expect(tally.count(false, 50)).toEqual({ counted: false });
    expect(tally.count(false, 1_000)).toEqual({ counted: true, verdict: false });
    expect(tally.count(false, 2_000)).toEqual({ counted: false });
    expect(tally.count(true, 3_000)).toEqual({ counted: true, verdict: true });
  });

  it('waits for successThreshold successes in a row', () => {
    const tally = createProbeTally({ periodSeconds: 1, successThreshold: 2 });
    expect(tally.count(true, 0)).toEqual({ counted: true });
    expect(tally.count(false, 2_000)).toEqual({ counted: true });
    expect(tally.count(true, 3_000)).toEqual({ counted: true });
    expect(tally.count(true, 4_000)).toEqual({ counted: true, verdict: true });
  });
});
