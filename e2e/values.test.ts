/** What users write arrives as they wrote it, and nothing of it is executed. */

import { kinds } from '@tekton-dag/kube';
import type { PipelineRun, Task } from '@tekton-dag/model';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { askStack } from './rig/ask-stack.ts';
import { createStackRig, RUN_NAMESPACE, type StackRig } from './rig/stack-rig.ts';
import { tinyAppFiles } from './rig/tiny-app-files.ts';
import { patience } from './rig/patience.ts';

vi.setConfig(patience);

let rig: StackRig;
let canary = '';
let hostile = '';
/** The app lies here in its repository. */
const contextDir = `a dir/it's "$(touch canary)" \`touch canary\` $HOME é漢; touch canary #`;

function movedApp(files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`${contextDir}/${name}`, text]));
}

beforeAll(async () => {
  rig = await createStackRig();
  canary = join(rig.root, 'canary');
  const attempts = [
    `$(touch ${canary})`,
    `\`touch ${canary}\``,
    `'; touch ${canary}; '`,
    `| touch ${canary} &`,
  ];
  const substitutions = [
    '$(params.app)',
    '$(context.pipelineRun.name)',
    '$(POD_IP)',
    '$HOME',
    '${PATH}',
    '$$',
  ];
  hostile = [...attempts, ...substitutions, `it's "quoted" \\ back\\n`, '\tsecond line  ', 'é漢字🎉'].join(
    '\n',
  );
});
afterAll(async () => {
  expect(await rig.end()).toEqual([]);
});

async function createHook(name: string): Promise<void> {
  const task: Task = {
    apiVersion: 'tekton.dev/v1',
    kind: 'Task',
    metadata: { name, namespace: RUN_NAMESPACE },
    spec: {
      params: [{ name: 'run-name' }],
      steps: [{ name: 'say', image: 'busybox', command: ['node', '--version'] }],
    },
  };
  await rig.cluster.client.resource<Task>(kinds.tasks, RUN_NAMESPACE).create(task);
}

describe('values with quotes, spaces, substitutions, newlines and unicode', () => {
  beforeAll(async () => {
    await rig.pushApp('vault', movedApp(await tinyAppFiles()));
    const command = ['node', 'steered-program.ts', rig.steering.address, 'test', hostile, ''];
    await rig.writeStack({
      name: 'values',
      description: hostile,
      apps: {
        vault: {
          'context-dir': contextDir,
          build: { tool: 'none', 'build-command': rig.steeredCommand('build'), env: { HOSTILE: hostile } },
          env: { HOSTILE: hostile },
          tests: { command },
        },
      },
    });
  });

  it('reach build and app unchanged', async () => {
    const run = await rig.createRun('bootstrap', 'values');
    const build = await rig.steering.next('build');
    expect(build.env['HOSTILE']).toBe(hostile);
    await build.exit(0);
    expect(await rig.finish(run)).toMatchObject({ succeeded: true });
    const answer = await askStack(rig.cluster.client, { namespace: 'values', app: 'vault' });
    expect(answer.env['HOSTILE']).toBe(hostile);
    await expect(access(canary)).rejects.toThrow('ENOENT');
  });

  it("reach a pull request's app and its tests unchanged, between the hooks before and after them", async () => {
    for (const hook of ['before', 'after']) await createHook(hook);
    const sha = await rig.pushApp('vault', movedApp({ 'behaviour.json': '{"version":"2"}' }), 'second');
    const hooks = ['--param', 'pre-test-task=before', '--param', 'post-test-task=after'];
    const run = await rig.createRun('pr', 'values', '--app', 'vault', '--pr', '9', '--sha', sha, ...hooks);
    await (await rig.steering.next('build')).exit(0);
    const test = await rig.steering.next('test');
    expect(test.argv).toEqual(['test', hostile, '']);
    const session = test.env['SESSION_VALUE'] ?? '';
    const answer = await askStack(rig.cluster.client, { namespace: 'values', app: 'vault', session });
    expect(answer).toMatchObject({ version: '2', env: { HOSTILE: hostile } });
    await test.exit(0);
    const outcome = await rig.finish(run);
    expect(outcome).toMatchObject({ succeeded: true });
    const endOf = (task: string): string =>
      outcome.taskRuns.find(({ spec }) => spec.taskRef?.name === task)?.status?.completionTime ?? 'never';
    expect([endOf('before') <= endOf('test'), endOf('test') <= endOf('after')]).toEqual([true, true]);
    expect(endOf('after')).not.toBe('never');
    await expect(access(canary)).rejects.toThrow('ENOENT');
  });

  it.concurrent.each([
    ['version-overrides', () => JSON.stringify({ vault: hostile })],
    ['app-revisions', () => JSON.stringify({ vault: hostile })],
    ['default-revision', () => `--upload-pack=touch ${canary}`],
    ['apps', () => `vault $(touch ${canary})`],
  ])('are refused with a reason where only names may stand: %s', async (param, value) => {
    const mode = param === 'version-overrides' ? 'pr' : 'bootstrap';
    const sha = await rig.pushApp('vault', {}, 'third');
    const change = mode === 'pr' ? ['--app', 'vault', '--pr', '10', '--sha', sha] : [];
    // The command refuses such values before there is a run, so this one is made as anybody with kubectl could.
    const request = ['--mode', mode, '--stack', 'stacks/values.yaml', '--team', rig.teamFile, ...change];
    const rendered = await rig.cli('run', 'create', ...request, '--dry-run', '--output', 'json');
    const wanted: PipelineRun = JSON.parse(rendered.stdout);
    const params = (wanted.spec.params ?? []).filter(({ name }) => name !== param);
    const created = await rig.cluster.client.resource<PipelineRun>(kinds.pipelineruns, RUN_NAMESPACE).create({
      ...wanted,
      metadata: { ...wanted.metadata, name: `values-${param}` },
      spec: { ...wanted.spec, params: [...params, { name: param, value: value() }] },
    });
    const run = created.metadata.name ?? '';
    expect(await rig.finish(run)).toMatchObject({ succeeded: false, reason: 'Failed' });
    const { stdout } = await rig.cli('run', 'logs', run, '--namespace', RUN_NAMESPACE);
    expect(stdout).toMatch(/error\[\w+\]: /);
    await expect(access(canary)).rejects.toThrow('ENOENT');
  });
});
