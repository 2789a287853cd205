import { array, assert, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fairShares } from './fair-shares.ts';
import { planAdmissions, type TeamLimit, type TeamQueue } from './plan-admissions.ts';
import { compareQueuedRuns, type QueuedRun } from './queued-run.ts';

const NO_CAP = { maxLiveRuns: 0, limit: 1_000 };

function run(team: string, index: number, fields: Partial<QueuedRun> = {}): QueuedRun {
  const name = `${team}-${index}`;
  const createdAtMs = fields.createdAtMs ?? index;
  return {
    key: `${team}/${name}`,
    namespace: team,
    name,
    team,
    resourceVersion: '1',
    session: undefined,
    createdAtMs,
    rankMs: createdAtMs,
    ...fields,
  };
}

interface QueueFields {
  readonly pending: number;
  readonly live?: number;
  readonly served?: number;
}

const queue = (team: string, { pending, live = 0, served = 0 }: QueueFields): TeamQueue => ({
  live,
  served,
  busySessions: new Map(),
  pending: Array.from({ length: pending }, (_, index) => run(team, index)),
});

const limit = (maxConcurrentRuns: number, weight = 1): TeamLimit => ({ maxConcurrentRuns, weight });

/** A step of a simulation: what is let go lives, and counts as served. */
function letGo(
  queues: Map<string, TeamQueue>,
  limits: ReadonlyMap<string, TeamLimit>,
  chosen: readonly QueuedRun[],
): void {
  for (const { team, key } of chosen) {
    const { live, served, pending, busySessions } = queues.get(team) ?? queue(team, { pending: 0 });
    const weight = limits.get(team)?.weight ?? 1;
    const rest = pending.filter((other) => other.key !== key);
    queues.set(team, { live: live + 1, served: served + 1 / weight, pending: rest, busySessions });
  }
}

describe('planAdmissions', () => {
  it('lets the first of a queue go, up to the free slots of the team', () => {
    const chosen = planAdmissions(
      new Map([['t', queue('t', { pending: 4, live: 1 })]]),
      new Map([['t', limit(3)]]),
      NO_CAP,
    );
    expect(chosen.map(({ name }) => name)).toEqual(['t-0', 't-1']);
  });

  it('lets nothing of an unknown team go', () => {
    expect(planAdmissions(new Map([['x', queue('x', { pending: 1 })]]), new Map(), NO_CAP)).toEqual([]);
  });

  it('passes over a run whose session is busy, also with one that was just chosen', () => {
    const pending = [
      run('t', 0, { session: 'live' }),
      run('t', 1, { session: 's' }),
      run('t', 2, { session: 's' }),
      run('t', 3),
    ];
    const queues = new Map([['t', { live: 1, served: 0, busySessions: new Map([['live', 1]]), pending }]]);
    const chosen = planAdmissions(queues, new Map([['t', limit(9)]]), NO_CAP);
    expect(chosen.map(({ name }) => name)).toEqual(['t-1', 't-3']);
  });

  it('gives the slots of all in turns to teams that have none yet, the longest waiting first', () => {
    const queues = new Map(['a', 'b', 'c'].map((team) => [team, queue(team, { pending: 3 })]));
    const limits = new Map(['a', 'b', 'c'].map((team) => [team, limit(3)]));
    const chosen = planAdmissions(queues, limits, { maxLiveRuns: 4, limit: 100 });
    expect(chosen.map(({ team }) => team).toSorted()).toEqual(['a', 'a', 'b', 'c']);
  });

  it('leaves a team that came first no more than its share', () => {
    const queues = new Map([
      ['greedy', queue('greedy', { pending: 90, live: 4 })],
      ['modest', queue('modest', { pending: 9 })],
    ]);
    const limits = new Map([
      ['greedy', limit(100)],
      ['modest', limit(100)],
    ]);
    const chosen = planAdmissions(queues, limits, { maxLiveRuns: 8, limit: 100 });
    expect(chosen.map(({ team }) => team)).toEqual(['modest', 'modest', 'modest', 'modest']);
  });
});

const anyTeams = array(
  record({
    pending: integer({ min: 0, max: 12 }),
    live: integer({ min: 0, max: 4 }),
    max: integer({ min: 1, max: 6 }),
    weight: integer({ min: 1, max: 10 }),
    served: integer({ min: 0, max: 5 }),
  }),
  { minLength: 1, maxLength: 8 },
);

describe('planAdmissions of any teams', () => {
  it('never exceeds the limit of a team or of all, leaves no usable slot free, and decides the same again', () => {
    assert(
      property(anyTeams, integer({ min: 0, max: 20 }), (teams, maxLiveRuns) => {
        const queues = new Map(teams.map((fields, index) => [`t${index}`, queue(`t${index}`, fields)]));
        const limits = new Map(teams.map(({ max, weight }, index) => [`t${index}`, limit(max, weight)]));
        const capacity = { maxLiveRuns, limit: 1_000 };
        const chosen = planAdmissions(queues, limits, capacity);
        const again = planAdmissions(new Map([...queues].toReversed()), limits, capacity);
        expect(again.map(({ key }) => key)).toEqual(chosen.map(({ key }) => key));
        const lived = teams.reduce((sum, { live }) => sum + live, 0);
        if (maxLiveRuns > 0 && chosen.length > 0)
          expect(lived + chosen.length).toBeLessThanOrEqual(maxLiveRuns);
        const isFull = maxLiveRuns > 0 && lived + chosen.length >= maxLiveRuns;
        for (const [index, { pending, live, max }] of teams.entries()) {
          const admitted = chosen.filter(({ team }) => team === `t${index}`).length;
          expect(admitted).toBeLessThanOrEqual(Math.max(0, max - live));
          if (!isFull) expect(admitted).toBe(Math.min(pending, Math.max(0, max - live)));
        }
      }),
    );
  });

  it('gives every team its whole share of the slots, to which the fair shares add up', () => {
    assert(
      property(anyTeams, integer({ min: 1, max: 20 }), (teams, maxLiveRuns) => {
        const fresh = teams.map((fields) => ({ ...fields, live: 0 }));
        const queues = new Map(fresh.map((fields, index) => [`t${index}`, queue(`t${index}`, fields)]));
        const limits = new Map(fresh.map(({ max, weight }, index) => [`t${index}`, limit(max, weight)]));
        const shares = fairShares(
          fresh.map(({ pending, max, weight }, index) => ({
            team: `t${index}`,
            wanted: Math.min(pending, max),
            weight,
          })),
          maxLiveRuns,
        );
        const chosen = planAdmissions(queues, limits, { maxLiveRuns, limit: 1_000 });
        for (const [team, share] of shares) {
          const admitted = chosen.filter((one) => one.team === team).length;
          // A share of three thirds may come out a hair below one.
          expect(admitted).toBeGreaterThanOrEqual(Math.floor(share - 1e-9));
          expect(admitted).toBeLessThanOrEqual(Math.ceil(share + 1e-9));
        }
      }),
    );
  });

  it('lets no team wait for more than its share of the runs let go, and one, when there are fewer slots than teams', () => {
    const weights = array(integer({ min: 1, max: 10 }), { minLength: 2, maxLength: 8 });
    assert(
      property(weights, (teams) => {
        const total = teams.reduce((sum, weight) => sum + weight, 0);
        const admitted = admitOneByOne(teams, total * 3);
        for (const [index, weight] of teams.entries()) {
          let got = 0;
          for (const [count, team] of admitted.entries()) {
            if (team === `t${index}`) got += 1;
            expect(got).toBeGreaterThan(((count + 1) * weight) / total - 1 - 1e-9);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('shares slots, not turns, where one team has long runs and the other short ones', () => {
    const limits = new Map(['long', 'short'].map((team) => [team, limit(100)]));
    const queues = new Map(['long', 'short'].map((team) => [team, queue(team, { pending: 60 })]));
    for (let round = 0; round < 40; round += 1) {
      letGo(queues, limits, planAdmissions(queues, limits, { maxLiveRuns: 8, limit: 100 }));
      expect(queues.get('long')?.live).toBe(4);
      endOne(queues, 'short');
    }
  });
});

/** One slot for all; every run ends before the next begins. Gives the teams in the order of their runs. */
function admitOneByOne(weights: readonly number[], count: number): readonly string[] {
  const limits = new Map(weights.map((weight, index) => [`t${index}`, limit(1_000, weight)]));
  const queues = new Map(weights.map((_, index) => [`t${index}`, queue(`t${index}`, { pending: count })]));
  return Array.from({ length: count }, () => {
    const chosen = planAdmissions(queues, limits, { maxLiveRuns: 1, limit: 1 });
    letGo(queues, limits, chosen);
    const team = chosen[0]?.team ?? '';
    endOne(queues, team);
    return team;
  });
}

function endOne(queues: Map<string, TeamQueue>, team: string): void {
  const present = queues.get(team);
  if (present !== undefined) queues.set(team, { ...present, live: present.live - 1 });
}

describe('compareQueuedRuns', () => {
  it('puts a release first, then pull requests by age, and lets nothing starve', () => {
    const age = 100;
    const ranked = [
      run('t', 1, { name: 'bootstrap', createdAtMs: 0, rankMs: 2 * age }),
      run('t', 2, { name: 'late pull request', createdAtMs: 50, rankMs: 50 + age }),
      run('t', 3, { name: 'pull request', createdAtMs: 10, rankMs: 10 + age }),
      run('t', 4, { name: 'release', createdAtMs: 90, rankMs: 90 }),
      run('t', 5, { name: 'pull request after a long time', createdAtMs: 101, rankMs: 101 + age }),
    ];
    expect(ranked.toSorted(compareQueuedRuns).map(({ name }) => name)).toEqual([
      'release',
      'pull request',
      'late pull request',
      'bootstrap',
      'pull request after a long time',
    ]);
  });
});
