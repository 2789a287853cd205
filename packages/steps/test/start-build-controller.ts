/** startBuildController: plays Tekton for the TaskRuns of builds. */

import { createReflector } from '@tekton-dag/kube';
import { LABEL, type TaskRun } from '@tekton-dag/model';
import { taskRuns } from '../src/kubernetes/run-kinds.ts';
import { RUNS, type StepRig } from './step-rig.ts';
import { DIGEST } from './shop-stack.ts';

export interface BuildController {
  /** Apps in the order in which their TaskRuns appeared. */
  readonly started: readonly string[];
  /** How many were alive at once, at most. */
  readonly peak: number;
  readonly cancelled: readonly string[];
  /** Resolves when the TaskRun of an app appears. */
  appeared(app: string): Promise<void>;
  /** Ends the TaskRun of an app. */
  finish(app: string, outcome?: 'succeeded' | 'failed'): Promise<void>;
}

/** Plays Tekton for TaskRuns; with `auto` each ends as soon as it appears. */
export const startBuildController = (rig: StepRig, { auto }: { auto: boolean }): BuildController => {
  const resource = rig.client.resource(taskRuns, RUNS);
  const reflector = createReflector(resource);
  const started: string[] = [];
  const cancelled: string[] = [];
  const alive = new Map<string, TaskRun>();
  const waiters = new Map<string, PromiseWithResolvers<void>>();
  let peak = 0;
  const waiterOf = (app: string): PromiseWithResolvers<void> => {
    const waiter = waiters.get(app) ?? Promise.withResolvers<void>();
    waiters.set(app, waiter);
    return waiter;
  };
  const finish = async (app: string, outcome: 'succeeded' | 'failed' = 'succeeded'): Promise<void> => {
    const name = alive.get(app)?.metadata.name ?? '';
    alive.delete(app);
    const condition = {
      type: 'Succeeded',
      status: outcome === 'succeeded' ? 'True' : 'False',
      reason: 'x',
      message: 'it failed',
    };
    const steps = [{ name: 'compile', terminated: { exitCode: outcome === 'succeeded' ? 0 : 2 } }];
    const results = [{ name: 'IMAGE_DIGEST', value: `${DIGEST}\n` }];
    const status = { conditions: [condition], steps, results, podName: `${name}-pod` };
    await resource.patch(name, { status }, { type: 'merge' });
  };
  reflector.on((change) => {
    const app = change.object.metadata.labels?.[LABEL.app] ?? change.object.metadata.name ?? '';
    if (change.type === 'added') {
      started.push(app);
      alive.set(app, change.object);
      peak = Math.max(peak, alive.size);
      waiterOf(app).resolve();
      // Its end is heard of before its answer: the rig may be gone by then.
      if (auto) void finish(app).catch(() => undefined);
    }
    if (change.type === 'modified' && change.object.spec.status === 'TaskRunCancelled') cancelled.push(app);
  });
  reflector.start();
  rig.defer(async () => await reflector[Symbol.asyncDispose]());
  return {
    started,
    cancelled,
    get peak() {
      return peak;
    },
    appeared: async (app) => await waiterOf(app).promise,
    finish,
  };
};
