import { LABEL, type PipelineRun } from '@tekton-dag/model';
import { describe, expect, it } from 'vitest';
import { RunQueues } from './run-queues.ts';

interface RunFields {
  readonly version?: number;
  readonly mode?: string;
  readonly phase?: 'pending' | 'live' | 'finished';
  readonly createdAt?: string;
  readonly session?: string;
}

function run(name: string, fields: RunFields = {}): PipelineRun {
  const { version = 1, mode = 'pr', phase = 'pending', createdAt = '2026-01-02T03:00:00Z' } = fields;
  return {
    apiVersion: 'tekton.dev/v1',
    kind: 'PipelineRun',
    metadata: {
      name,
      namespace: 'ns',
      resourceVersion: String(version),
      creationTimestamp: createdAt,
      labels: { [LABEL.team]: 't', [LABEL.mode]: mode, [LABEL.session]: fields.session ?? name },
    },
    spec: { pipelineRef: { name: 'p' }, ...(phase === 'pending' ? { status: 'PipelineRunPending' } : {}) },
    ...(phase === 'finished' ? { status: { conditions: [{ type: 'Succeeded', status: 'True' }] } } : {}),
  };
}

function filled(...runs: readonly PipelineRun[]): RunQueues {
  const queues = new RunQueues(1_000);
  for (const one of runs) queues.set(one);
  return queues;
}

const teamOf = (queues: RunQueues) => {
  const queue = queues.teams.get('ns/t');
  return {
    live: queue?.live,
    pending: queue?.pending.map(({ name }) => name),
    busy: queue?.busySessions.size,
  };
};

function first(queues: RunQueues) {
  const [next] = queues.teams.get('ns/t')?.pending ?? [];
  if (next === undefined) throw new Error('nothing is pending');
  return next;
}

describe('RunQueues', () => {
  it('counts a run that it let go before the watch shows it, and not twice when it does', () => {
    const queues = filled(run('a'), run('b'));
    expect(queues.admit(first(queues), 1)).toBe(true);
    expect(teamOf(queues)).toEqual({ live: 1, pending: ['b'], busy: 1 });
    queues.set(run('a'));
    expect(teamOf(queues)).toEqual({ live: 1, pending: ['b'], busy: 1 });
    queues.set(run('a', { version: 2, phase: 'live' }));
    expect(teamOf(queues)).toEqual({ live: 1, pending: ['b'], busy: 1 });
    queues.set(run('a', { version: 3, phase: 'finished' }));
    expect(teamOf(queues)).toEqual({ live: 0, pending: ['b'], busy: 0 });
  });

  it('lets no run go that has changed since it was chosen', () => {
    const queues = filled(run('a'));
    const chosen = first(queues);
    queues.set(run('a', { version: 2, phase: 'finished' }));
    expect(queues.admit(chosen, 1)).toBe(false);
    queues.set(run('b'));
    const other = first(queues);
    queues.set(run('b', { version: 2 }));
    expect(queues.admit(other, 1)).toBe(false);
    expect(teamOf(queues)).toEqual({ live: 0, pending: ['b'], busy: 0 });
  });

  it('keeps a refused run from the front until it changes or may be tried again', () => {
    const queues = filled(run('a'), run('b'));
    const refused = first(queues);
    queues.admit(refused, 1);
    queues.park(refused);
    queues.set(run('a'));
    expect(teamOf(queues)).toEqual({ live: 0, pending: ['b'], busy: 0 });
    queues.unpark();
    expect(teamOf(queues).pending).toEqual(['a', 'b']);
    queues.park(refused);
    queues.set(run('a', { version: 2 }));
    expect(teamOf(queues).pending).toEqual(['a', 'b']);
    queues.apply({ type: 'deleted', key: 'ns/a', object: run('a', { version: 2 }) });
    queues.park(refused);
    queues.unpark();
    expect(teamOf(queues).pending).toEqual(['b']);
  });

  it('sorts by age, and by what a mode is worth', () => {
    const at = (second: number): string => `2026-01-02T03:00:0${second}.000Z`;
    const queues = filled(
      run('bootstrap', { mode: 'bootstrap', createdAt: at(0) }),
      run('late', { createdAt: at(5) }),
      run('early', { createdAt: at(3) }),
      run('merge', { mode: 'merge', createdAt: at(3) }),
    );
    expect(teamOf(queues).pending).toEqual(['bootstrap', 'merge', 'early', 'late']);
  });

  it('forgets what is deleted, and a whole namespace', () => {
    const queues = filled(run('a'), run('b', { phase: 'live' }));
    queues.apply({ type: 'deleted', key: 'ns/a', object: run('a') });
    expect(teamOf(queues)).toEqual({ live: 1, pending: [], busy: 1 });
    queues.clear('ns');
    expect(teamOf(queues)).toEqual({ live: 0, pending: [], busy: 0 });
  });

  it('lets a team that had nothing to do begin where the others are, not ahead of them', () => {
    const queues = filled(run('a'), run('b'));
    for (let count = 0; count < 2; count += 1) queues.admit(first(queues), 1);
    const late = run('z');
    queues.set({
      ...late,
      metadata: { ...late.metadata, labels: { ...late.metadata.labels, [LABEL.team]: 'u' } },
    });
    expect(queues.teams.get('ns/u')?.served).toBe(1);
  });
});
