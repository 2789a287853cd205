import { describe, expect, it } from 'vitest';
import { createTrafficCounters } from './traffic-counters.ts';

describe('traffic counters', () => {
  it('count tagged and untagged requests of each backend', () => {
    const counters = createTrafficCounters();
    const at = (backend: string) => ({ namespace: 'staging', service: 'app', backend });
    counters.count(at('app-baseline'), false);
    counters.count(at('app-baseline'), false);
    counters.count(at('app-baseline'), true);
    counters.count(at('app-pr-4'), true);
    expect(counters.snapshot()).toEqual([
      {
        namespace: 'staging',
        service: 'app',
        backends: [
          { backend: 'app-baseline', tagged: 1, untagged: 2 },
          { backend: 'app-pr-4', tagged: 1, untagged: 0 },
        ],
      },
    ]);
  });

  it('do not grow without end', () => {
    const counters = createTrafficCounters();
    for (let at = 0; at < 10_050; at += 1)
      counters.count({ namespace: 'n', service: 's', backend: `b${at}` }, true);
    expect(counters.snapshot()[0]?.backends).toHaveLength(10_000);
  });
});
