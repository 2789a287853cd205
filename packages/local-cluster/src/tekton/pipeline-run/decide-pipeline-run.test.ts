import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PipelineSpec, PipelineTask } from '../specs/pipeline-spec.ts';
import type { PipelineRun } from '../specs/read-run.ts';
import { decidePipelineRun, type PipelineRunDecision } from './decide-pipeline-run.ts';
import { pipelineRunFacts, type OwnedRun } from './pipeline-run-facts.ts';

const run = (status = ''): PipelineRun => ({
  name: 'run',
  namespace: 'test',
  uid: 'uid',
  labels: {},
  annotations: {},
  creationTimestamp: '2026-01-01T00:00:00Z',
  spec: { status },
  status: {},
});

const decide = (spec: PipelineSpec, owned: readonly OwnedRun[], status = ''): PipelineRunDecision =>
  decidePipelineRun(pipelineRunFacts(run(status), spec, owned, { startMs: 0, nowMs: 1000 }));

const ended = (name: string, outcome: 'running' | 'succeeded' | 'failed', isCancelled = false): OwnedRun => ({
  name: `run-${name}`,
  pipelineTask: name,
  outcome,
  reason: outcome,
  isCancelling: isCancelled,
  isCancelled,
  isCancelledByTimeout: false,
  results: [],
  isMissing: false,
});

/** A pipeline whose edges point from later tasks to earlier ones, so it has no cycle; some tasks are guarded off. */
const pipelines: fc.Arbitrary<PipelineSpec> = fc
  .array(
    fc.record({
      after: fc.array(fc.nat(20), { maxLength: 3 }),
      isGuardedOff: fc.boolean(),
      ignoresFailure: fc.boolean(),
      isFinal: fc.integer({ min: 0, max: 5 }).map((roll) => roll === 0),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((drafts) => {
    const tasks = drafts.map((draft, index): PipelineTask & { isFinal: boolean } => ({
      name: `t${index}`,
      isFinal: draft.isFinal && index > 0,
      when: [{ input: 'a', operator: draft.isGuardedOff ? 'notin' : 'in', values: ['a'] }],
      ...(draft.ignoresFailure && { onError: 'continue' }),
      runAfter: draft.after.filter((target) => target < index).map((target) => `t${target}`),
    }));
    const finals = new Set(tasks.filter((task) => task.isFinal).map((task) => task.name));
    const plain = tasks.map(({ isFinal, runAfter, ...task }) => ({
      isFinal,
      task: isFinal ? task : { ...task, runAfter: (runAfter ?? []).filter((name) => !finals.has(name)) },
    }));
    return {
      tasks: plain.filter(({ isFinal }) => !isFinal).map(({ task }) => task),
      finally: plain.filter(({ isFinal }) => isFinal).map(({ task }) => task),
    };
  });

/** Starts a task, which must not have started before and whose parents must not run. */
function start(task: PipelineTask, owned: OwnedRun[]): void {
  const outcomes = new Map(owned.map((one) => [one.pipelineTask, one.outcome]));
  expect(outcomes.has(task.name)).toBe(false);
  expect((task.runAfter ?? []).map((parent) => outcomes.get(parent))).not.toContain('running');
  owned.push(ended(task.name, 'running'));
}

/** Ends the first task that runs; there must be one as long as the run goes on. */
function endFirst(owned: OwnedRun[], succeeds: boolean): void {
  const index = owned.findIndex((one) => one.outcome === 'running');
  expect(index).toBeGreaterThanOrEqual(0);
  owned[index] = ended(owned[index]?.pipelineTask ?? '', succeeds ? 'succeeded' : 'failed');
}

describe('decidePipelineRun', () => {
  it('brings every pipeline to an end, starting each task at most once and only after its parents', () => {
    fc.assert(
      fc.property(pipelines, fc.infiniteStream(fc.boolean()), (spec, succeeds) => {
        const owned: OwnedRun[] = [];
        let decision = decide(spec, owned);
        for (let turn = 0; turn < 50 && decision.verdict.status === 'Unknown'; turn += 1) {
          for (const { task } of decision.create) start(task, owned);
          endFirst(owned, succeeds.next().value === true);
          decision = decide(spec, owned);
        }
        expect(decision.verdict.status).not.toBe('Unknown');
        expect(decision.create).toEqual([]);
        const { tasks = [], finally: finals = [] } = spec;
        expect(owned.length + decision.skipped.length).toBe(tasks.length + finals.length);
      }),
    );
  });

  it('is the same for the same facts, in whatever order the TaskRuns come', () => {
    fc.assert(
      fc.property(pipelines, fc.boolean(), (spec, isReversed) => {
        const owned = (spec.tasks ?? []).slice(0, 3).map((task) => ended(task.name, 'succeeded'));
        const shown = isReversed ? owned.toReversed() : owned;
        expect(decide(spec, shown)).toEqual(decide(spec, owned));
      }),
    );
  });

  it('never starts a task of a run that is cancelled, and cancels what runs', () => {
    fc.assert(
      fc.property(pipelines, (spec) => {
        const [first] = spec.tasks ?? [];
        const owned = first === undefined ? [] : [ended(first.name, 'running')];
        const decision = decide(spec, owned, 'Cancelled');
        expect(decision.create).toEqual([]);
        expect(decision.cancel).toHaveLength(owned.length);
        expect(decision.verdict).toMatchObject({ status: 'False', reason: 'Cancelled' });
      }),
    );
  });

  it('creates the TaskRuns that a matrix lacks after a restart', () => {
    const spec: PipelineSpec = {
      tasks: [{ name: 'each', matrix: { params: [{ name: 'n', value: ['a', 'b', 'c'] }] } }],
    };
    const decision = decide(spec, [{ ...ended('each', 'succeeded'), name: 'run-each-1' }]);
    expect(decision.create.map((request) => request.name)).toEqual(['run-each-0', 'run-each-2']);
  });
});
