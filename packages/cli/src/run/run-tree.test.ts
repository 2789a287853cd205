import { LABEL, type PipelineRun, type TaskRun } from '@tekton-dag/model';
import { describe, expect, it } from 'vitest';
import { renderProgress } from '../render/run-progress.ts';
import { renderRunTree } from '../render/run-tree.ts';
import { createStyle } from '../render/style.ts';
import { createRunTree } from './run-tree.ts';

const START = Date.parse('2026-01-02T03:00:00Z');
const at = (seconds: number): string => new Date(START + seconds * 1_000).toISOString();
const plain = createStyle(false);

type Conditions = NonNullable<NonNullable<TaskRun['status']>['conditions']>;

const condition = (status: 'True' | 'False' | 'Unknown', reason: string): Conditions => [
  { type: 'Succeeded', status, reason },
];

function taskRun(name: string, labels: Record<string, string>, status: TaskRun['status']): TaskRun {
  return {
    apiVersion: 'tekton.dev/v1',
    kind: 'TaskRun',
    metadata: { name, labels },
    spec: {},
    ...(status === undefined ? {} : { status }),
  };
}

const ofTask = (name: string, status: TaskRun['status']): TaskRun =>
  taskRun(`r-${name}`, { 'tekton.dev/pipelineTask': name }, status);
const ofApp = (app: string, status: TaskRun['status']): TaskRun =>
  taskRun(`r-build-${app}`, { [LABEL.app]: app }, status);

function pipelineRun(status: PipelineRun['status']): PipelineRun {
  return {
    apiVersion: 'tekton.dev/v1',
    kind: 'PipelineRun',
    metadata: { name: 'stack-pr-42-abc' },
    spec: {},
    status: {
      startTime: at(0),
      pipelineSpec: {
        tasks: [{ name: 'prepare' }, { name: 'build' }, { name: 'verify' }, { name: 'test' }],
        finally: [{ name: 'cleanup' }],
      },
      ...status,
    },
  };
}

const running = pipelineRun({ conditions: condition('Unknown', 'Running') });
const taskRuns = [
  ofTask('prepare', {
    startTime: at(0),
    completionTime: at(1.5),
    conditions: condition('True', 'Succeeded'),
  }),
  ofTask('build', { startTime: at(2), conditions: condition('Unknown', 'Running') }),
  ofApp('demo-fe', { startTime: at(3), conditions: condition('Unknown', 'Running') }),
  ofApp('demo-api', { startTime: at(3), completionTime: at(7), conditions: condition('False', 'Failed') }),
];

describe('a run as a tree', () => {
  it('shows tasks in the order of the pipeline, builds below their task, and what has not begun', () => {
    expect(renderRunTree(createRunTree(running, taskRuns, START + 10_000), plain)).toEqual([
      '● stack-pr-42-abc Running 10.0s',
      '├─ ✓ prepare 1.5s',
      '├─ ● build 8.0s',
      '│  ├─ ✗ demo-api 4.0s (Failed)',
      '│  └─ ● demo-fe 7.0s',
      '├─ ○ verify',
      '├─ ○ test',
      '└─ ○ cleanup',
    ]);
  });

  it('shows skipped tasks with their reason', () => {
    const run = pipelineRun({
      conditions: condition('True', 'Completed'),
      completionTime: at(60),
      skippedTasks: [{ name: 'test', reason: 'When Expressions evaluated to false' }],
    });
    const lines = renderRunTree(createRunTree(run, [], START), plain);
    expect(lines[0]).toBe('✓ stack-pr-42-abc Completed 1m');
    expect(lines[4]).toBe('├─ – test (When Expressions evaluated to false)');
  });

  it('joins the TaskRuns of a matrix and is as bad as its worst', () => {
    const matrix = ['a', 'b'].map((name) =>
      taskRun(
        `r-test-${name}`,
        { 'tekton.dev/pipelineTask': 'test' },
        {
          conditions: name === 'a' ? condition('False', 'Failed') : condition('True', 'Succeeded'),
        },
      ),
    );
    const lines = renderRunTree(createRunTree(running, matrix, START), plain);
    expect(lines.slice(4, 7)).toEqual(['├─ ✗ test 0ms', '│  ├─ ✗ r-test-a (Failed)', '│  └─ ✓ r-test-b']);
  });

  it('can be drawn before Tekton has said anything about the run', () => {
    const run: PipelineRun = {
      apiVersion: 'tekton.dev/v1',
      kind: 'PipelineRun',
      metadata: { name: 'r' },
      spec: {},
    };
    expect(renderRunTree(createRunTree(run, [], START), plain)).toEqual(['○ r pending']);
  });

  it('holds colours only when they are wanted', () => {
    const lines = renderRunTree(createRunTree(running, taskRuns, START), createStyle(true));
    expect(lines.join('')).toContain('\u001B[32m✓\u001B[39m');
    expect(renderRunTree(createRunTree(running, taskRuns, START), plain).join('')).not.toContain('\u001B');
  });
});

describe('a run as lines that are appended', () => {
  it('says each change once and in the end how the run went', () => {
    const first = renderProgress(createRunTree(running, taskRuns, START + 10_000), new Map());
    expect(first.lines).toEqual([
      'prepare succeeded 1.5s',
      'build/demo-api failed 4.0s (Failed)',
      'build/demo-fe running',
      'build running',
      'stack-pr-42-abc running',
    ]);
    const again = renderProgress(createRunTree(running, taskRuns, START + 20_000), first.told);
    expect(again.lines).toEqual([]);
    const done = pipelineRun({ conditions: condition('False', 'Failed'), completionTime: at(30) });
    const last = renderProgress(createRunTree(done, taskRuns, START + 30_000), again.told);
    expect(last.lines).toEqual(['stack-pr-42-abc failed 30.0s (Failed)']);
  });
});
