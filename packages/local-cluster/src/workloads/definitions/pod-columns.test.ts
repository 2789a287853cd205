import { describe, expect, it } from 'vitest';
import type { ContainerState, Pod } from '../specs/workload-objects.ts';
import { renderDuration } from './render-age.ts';
import { renderPodStatus } from './pod-columns.ts';

function pod(state: ContainerState, change: Partial<Pod> = {}, ready = false): Pod {
  const status = {
    name: 'app',
    image: '',
    imageID: '',
    ready,
    started: ready,
    restartCount: 0,
    state,
    lastState: {},
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web' },
    spec: { containers: [{ name: 'app' }] },
    status: { phase: 'Running', containerStatuses: [status] },
    ...change,
  };
}

describe('the STATUS of a pod', () => {
  it.each<[string, Pod]>([
    ['Running', pod({ running: { startedAt: '' } }, {}, true)],
    ['CrashLoopBackOff', pod({ waiting: { reason: 'CrashLoopBackOff' } })],
    ['Completed', pod({ terminated: { exitCode: 0, reason: 'Completed' } })],
    ['Error', pod({ terminated: { exitCode: 1, reason: 'Error' } })],
    ['ExitCode:2', pod({ terminated: { exitCode: 2, reason: '' } })],
    [
      'Terminating',
      pod({ running: { startedAt: '' } }, { metadata: { name: 'web', deletionTimestamp: 'x' } }),
    ],
    [
      'Init:0/1',
      pod(
        { waiting: { reason: 'PodInitializing' } },
        { spec: { containers: [], initContainers: [{ name: 'init' }] } },
      ),
    ],
    [
      'DeadlineExceeded',
      pod({ running: { startedAt: '' } }, { status: { phase: 'Failed', reason: 'DeadlineExceeded' } }),
    ],
  ])('is %s', (expected, given) => {
    expect(renderPodStatus(given)).toBe(expected);
  });
});

describe('a duration', () => {
  it.each([
    [0, '0s'],
    [119, '119s'],
    [150, '2m30s'],
    [3600, '60m'],
    [4 * 3600 + 60, '4h1m'],
    [40 * 3600, '40h'],
    [3 * 86_400, '3d'],
    [30 * 86_400, '30d'],
  ])('of %i seconds is %s', (seconds, expected) => {
    expect(renderDuration(seconds)).toBe(expected);
  });
});
