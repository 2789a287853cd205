/** RunRig: the command beside an API server that has the runs a test puts there. */

import { startFakeApiServer, type FakeApiServer } from '@tekton-dag/kube/testing';
import { expect } from 'vitest';
import { createCliRig, kubeconfigFor, type CliRig } from './cli-rig.ts';

export const RUNS = '/apis/tekton.dev/v1/namespaces/ci/pipelineruns';
export const PODS = '/api/v1/namespaces/ci/pods';
export const MAPS = '/api/v1/namespaces/ci/configmaps';
const TASK_RUNS = '/apis/tekton.dev/v1/namespaces/ci/taskruns';

export interface RunRig extends AsyncDisposable {
  readonly rig: CliRig;
  readonly api: FakeApiServer;
  /** Options of a command that is to talk to the server, in namespace ci. */
  readonly cluster: { readonly env: { readonly KUBECONFIG: string } };
  /** A run of a pull request; `more` is what its status says besides. */
  putRun(name: string, conditions: readonly object[], more?: object): void;
  putTaskRun(run: string, task: string, conditions: readonly object[], steps?: readonly object[]): void;
}

export async function createRunRig(): Promise<RunRig> {
  const rig = await createCliRig();
  const api = await startFakeApiServer();
  return {
    rig,
    api,
    cluster: { env: { KUBECONFIG: await rig.file('kubeconfig', kubeconfigFor(api.url)) } },
    putRun: (name, conditions, more = {}) => void api.put(RUNS, renderRun(name, conditions, more)),
    putTaskRun: (run, task, conditions, steps = []) =>
      void api.put(TASK_RUNS, renderTaskRun(run, task, conditions, steps)),
    async [Symbol.asyncDispose]() {
      await rig[Symbol.asyncDispose]();
      await api[Symbol.asyncDispose]();
    },
  };
}

/** The conditions of a run or a task. */
export const succeeded = (status: string, reason: string, message = ''): object[] => [
  { type: 'Succeeded', status, reason, message },
];

export const until = (condition: () => boolean): Promise<void> =>
  expect.poll(condition, { timeout: 40_000, interval: 10 }).toBe(true);

function renderRun(name: string, conditions: readonly object[], more: object): Record<string, unknown> {
  return {
    apiVersion: 'tekton.dev/v1',
    kind: 'PipelineRun',
    metadata: {
      name,
      creationTimestamp: '2026-01-02T03:00:00Z',
      labels: {
        'tekton-dag.io/mode': 'pr',
        'tekton-dag.io/stack': 'stack-one',
        'tekton-dag.io/app': 'demo-api',
        'tekton-dag.io/pull-request': '42',
        'tekton-dag.io/team': 'default',
      },
    },
    spec: {},
    status: {
      startTime: '2026-01-02T03:00:00Z',
      pipelineSpec: { tasks: [{ name: 'prepare' }, { name: 'verify' }], finally: [{ name: 'cleanup' }] },
      conditions,
      ...more,
    },
  };
}

function renderTaskRun(
  run: string,
  task: string,
  conditions: readonly object[],
  steps: readonly object[],
): Record<string, unknown> {
  return {
    metadata: {
      name: `${run}-${task}`,
      labels: { 'tekton.dev/pipelineRun': run, 'tekton.dev/pipelineTask': task, 'tekton-dag.io/run': run },
    },
    spec: {},
    status: {
      conditions,
      steps,
      podName: `${run}-${task}-pod`,
      startTime: '2026-01-02T03:00:00Z',
      completionTime: '2026-01-02T03:00:04Z',
    },
  };
}
