/** createRigRuns: starts runs the way a user does, and waits for their end. */

import type { KubeClient } from '@tekton-dag/kube';
import type { RigCli } from './create-rig-cli.ts';
import { awaitRun, type RunOutcome } from './run-outcome.ts';

export type RigRunMode = 'bootstrap' | 'pr' | 'merge' | 'verify';

export interface RigRuns {
  /** `run create --mode ... --stack stacks/<stack>.yaml`; the name of the run. */
  createRun(mode: RigRunMode, stack: string, ...args: readonly string[]): Promise<string>;
  finish(run: string): Promise<RunOutcome>;
  /** Creates a run and waits for its end. */
  run(mode: RigRunMode, stack: string, ...args: readonly string[]): Promise<RunOutcome>;
}

export interface RigRunsSetup {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly cli: RigCli;
  readonly teamFile: string;
  /** Arguments of every `run create`. */
  readonly args?: readonly string[];
  readonly timeoutMs?: number;
}

/** Every run gets an attempt of its own, unless the test names one. */
export function createRigRuns(setup: RigRunsSetup): RigRuns {
  let attempt = 0;
  const createRun: RigRuns['createRun'] = async (mode, stack, ...args) => {
    attempt += 1;
    const unique = args.includes('--attempt') ? [] : ['--attempt', String(attempt)];
    const from = ['--mode', mode, '--stack', `stacks/${stack}.yaml`, '--team', setup.teamFile];
    const created = await setup.cli('run', 'create', ...from, ...unique, ...(setup.args ?? []), ...args);
    if (created.exitCode !== 0) throw new Error(`run create: ${created.stderr}${created.stdout}`);
    return created.stdout.trim().replace(/^.*\//, '');
  };
  const finish = (run: string): Promise<RunOutcome> =>
    awaitRun(setup.client, { namespace: setup.namespace, name: run, timeoutMs: setup.timeoutMs });
  const run: RigRuns['run'] = async (...request) => await finish(await createRun(...request));
  return { createRun, finish, run };
}
