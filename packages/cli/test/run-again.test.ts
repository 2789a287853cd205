/** `tekton-dag run rerun` and `run repeat`. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRunRig, RUNS, succeeded, type RunRig } from './run-rig.ts';

let world: RunRig;
beforeEach(async () => {
  world = await createRunRig();
});
afterEach(() => world[Symbol.asyncDispose]());

describe('run rerun', () => {
  const specOf = async (): Promise<string> => {
    const shown = await world.rig.run(['run', 'rerun', 'failed', '-n', 'ci', '--dry-run'], world.cluster);
    expect(shown, shown.stderr).toMatchObject({ code: 0 });
    return shown.stdout;
  };

  it('holds the new run back when an orchestrator made the failed one, which lets it go', async () => {
    world.putRun('failed', succeeded('False', 'Failed'));
    expect(await specOf()).not.toContain('PipelineRunPending');
    const failed = world.api.get(RUNS, 'failed') ?? {};
    world.api.put(RUNS, {
      ...failed,
      metadata: { ...failed.metadata, annotations: { 'tekton-dag.io/attempt': '1' } },
    });
    expect(await specOf()).toContain('status: PipelineRunPending');
  });
});

describe('tekton-dag run repeat', () => {
  const sha = 'a'.repeat(40);
  const annotations = {
    'tekton-dag.io/catalog-url': 'https://git.example/catalog',
    'tekton-dag.io/catalog-revision': 'c'.repeat(40),
    'tekton-dag.io/catalog-digest': `sha256:${'d'.repeat(64)}`,
  };
  const labels = { 'tekton-dag.io/mode': 'verify' };
  const ended = { results: [{ name: 'platform-revision', value: sha }] };
  const dryRun = () => world.rig.run(['run', 'repeat', 'r1', '--dry-run'], world.cluster);
  const putPipeline = (notes: Record<string, string>): void => {
    const path = RUNS.replace('pipelineruns', 'pipelines');
    const metadata = { name: 'stack-dag-verify', annotations: notes };
    world.api.put(path, { apiVersion: 'tekton.dev/v1', kind: 'Pipeline', metadata });
  };
  const putNoted = (notes: Record<string, string> = annotations): void => {
    world.putRun('r1', succeeded('True', 'Succeeded'), ended);
    const run = world.api.get(RUNS, 'r1') ?? {};
    world.api.put(RUNS, {
      ...run,
      metadata: { ...run.metadata, labels, annotations: notes },
      spec: { pipelineRef: { name: 'stack-dag-verify' }, params: [{ name: 'git-revision', value: 'main' }] },
    });
  };

  it('fetches the catalog of the run when another one is installed', async () => {
    putNoted();
    putPipeline({ 'tekton-dag.io/catalog-digest': `sha256:${'e'.repeat(64)}` });
    const { code, stdout } = await dryRun();
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('resolver: git') });
    expect(stdout).toContain(`name: git-revision\n      value: ${sha}`);
    expect(stdout).toContain('tekton-dag.io/repeats: r1');
  });

  it('takes the installed one while it is the same', async () => {
    putNoted();
    putPipeline(annotations);
    const { stdout } = await dryRun();
    expect(stdout).toContain('pipelineRef:\n    name: stack-dag-verify');
    expect(stdout).not.toContain('resolver');
  });

  it('makes no second run in a session beside one that has not ended, and itself once', async () => {
    const inSession = (name: string, mode: string): void => {
      const run = world.api.get(RUNS, name) ?? {};
      const all = { 'tekton-dag.io/mode': mode, 'tekton-dag.io/session': 'pr-7-abcdef' };
      world.api.put(RUNS, { ...run, metadata: { ...run.metadata, labels: all } });
    };
    const repeat = () => world.rig.run(['run', 'repeat', 'r1'], world.cluster);
    putNoted();
    putPipeline(annotations);
    inSession('r1', 'verify');
    world.putRun('r2', []);
    inSession('r2', 'pr');
    const refused = await repeat();
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(refused.stderr).toContain('run r2 of the same pull request has not ended');
    expect(refused.stderr).toContain('tekton-dag run cancel r2');
    world.putRun('r2', succeeded('False', 'Failed'));
    inSession('r2', 'pr');
    const made = await repeat();
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^pipelinerun\.tekton\.dev\//) });
    expect(await repeat()).toMatchObject({ code: 0, stdout: made.stdout });
  });

  it('refuses what was not recorded, and says what was', async () => {
    putNoted({});
    const { code, stderr } = await dryRun();
    expect(code).toBe(3);
    expect(stderr).toContain('does not say repository and commit of its tasks and pipelines');
    expect(stderr).toContain('it was made of platform aaaaaaaaaaaa');
  });
});
