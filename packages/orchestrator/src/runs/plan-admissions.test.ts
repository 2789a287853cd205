import { LABEL, type PipelineRun, type PipelineRunSpecStatus } from '@tekton-dag/model';
import { array, assert, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planAdmissions } from './plan-admissions.ts';
import { queueByTeam } from './queue-by-team.ts';
import { phaseOf } from './run-phase.ts';

interface RunFields {
  readonly name: string;
  readonly team?: string;
  readonly mode?: string;
  readonly session?: string;
  readonly phase?: 'pending' | 'live' | 'finished';
  readonly createdAt?: number;
}

function run({
  name,
  team = 't',
  mode = 'pr',
  session = name,
  phase = 'pending',
  createdAt = 0,
}: RunFields): PipelineRun {
  const status: PipelineRunSpecStatus = 'PipelineRunPending';
  return {
    apiVersion: 'tekton.dev/v1',
    kind: 'PipelineRun',
    metadata: {
      name,
      namespace: 'ns',
      creationTimestamp: new Date(createdAt * 1_000).toISOString(),
      labels: { [LABEL.team]: team, [LABEL.mode]: mode, [LABEL.session]: session },
    },
    spec: { pipelineRef: { name: 'p' }, ...(phase === 'pending' ? { status } : {}) },
    ...(phase === 'finished' ? { status: { conditions: [{ type: 'Succeeded', status: 'True' }] } } : {}),
  };
}

const names = (runs: readonly PipelineRun[]): readonly (string | undefined)[] =>
  runs.map(({ metadata }) => metadata.name);
const slots = new Map([['t', 2]]);
const plan = (runs: readonly PipelineRun[], admitted: readonly string[] = []): readonly PipelineRun[] =>
  planAdmissions(queueByTeam(runs, new Set(admitted)), slots);

describe('planAdmissions', () => {
  it('lets the oldest go, up to the free slots', () => {
    const runs = [
      run({ name: 'c', createdAt: 3 }),
      run({ name: 'a', createdAt: 1 }),
      run({ name: 'live', phase: 'live' }),
      run({ name: 'old', phase: 'finished' }),
    ];
    expect(names(plan(runs))).toEqual(['a']);
  });

  it('counts what it let go before the watch shows it', () => {
    const runs = [
      run({ name: 'a', createdAt: 1 }),
      run({ name: 'b', createdAt: 2 }),
      run({ name: 'c', createdAt: 3 }),
    ];
    expect(names(plan(runs, ['ns/a']))).toEqual(['b']);
  });

  it('holds the second run of a session back until the first has ended, but not a release', () => {
    const runs = [
      run({ name: 'first', session: 's', phase: 'live' }),
      run({ name: 'second', session: 's', createdAt: 1 }),
      run({ name: 'release', session: 's', mode: 'merge', createdAt: 2 }),
    ];
    expect(names(plan(runs))).toEqual(['release']);
  });

  it('holds a run that continues another back like one that tests', () => {
    const runs = [
      run({ name: 'live', session: 's', phase: 'live' }),
      run({ name: 'again', session: 's', mode: 'continue', createdAt: 1 }),
      run({ name: 'other', session: 't', mode: 'continue', createdAt: 2 }),
    ];
    expect(names(plan(runs))).toEqual(['other']);
  });

  it('lets nothing of an unknown team go', () => {
    expect(plan([run({ name: 'a', team: 'x' })])).toEqual([]);
  });

  it('never exceeds the slots of a team, nor lets a free slot go unused, for any runs', () => {
    const anyRuns = array(
      record({
        team: constantFrom('a', 'b'),
        phase: constantFrom('pending' as const, 'live' as const, 'finished' as const),
        createdAt: integer({ min: 0, max: 5 }),
      }),
      { maxLength: 30 },
    );
    const limits = new Map([
      ['a', 3],
      ['b', 1],
    ]);
    assert(
      property(anyRuns, (fields) => {
        const runs = fields.map((each, index) => run({ ...each, name: `r${index}` }));
        const chosen = planAdmissions(queueByTeam(runs, new Set()), limits);
        for (const [team, limit] of limits) {
          const ofTeam = runs.filter(({ metadata }) => metadata.labels?.[LABEL.team] === team);
          const live = ofTeam.filter((each) => phaseOf(each) === 'live').length;
          const pending = ofTeam.filter((each) => phaseOf(each) === 'pending').length;
          const admitted = chosen.filter(({ metadata }) => metadata.labels?.[LABEL.team] === team).length;
          expect(admitted).toBe(Math.min(pending, Math.max(0, limit - live)));
        }
      }),
    );
  });
});
