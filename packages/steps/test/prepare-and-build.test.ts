/** Steps prepare and build against real repositories, a real registry and a Kubernetes API over HTTP. */
import { kinds } from '@tekton-dag/kube';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTempForge, type TempForge } from '../src/testing/index.ts';
import { taskRuns } from '../src/kubernetes/run-kinds.ts';
import { DIGEST, prepareEnv, pushStack, stackText } from './shop-stack.ts';
import { startBuildController } from './start-build-controller.ts';
import { createStepRig, PIPELINE_RUNS, RUN, RUNS } from './step-rig.ts';

let forge: TempForge;
beforeAll(async () => {
  forge = await createTempForge();
});
afterAll(async () => await forge[Symbol.asyncDispose]());

const extraApps = (count: number): string =>
  Array.from(
    { length: count },
    (_, index) => `  - { name: x${index}, repo: acme/x${index}, role: middleware, build: { tool: none } }`,
  ).join('\n');

describe('prepare', () => {
  it('notes the commit of the platform repository and the catalog of the run', async () => {
    await using rig = await createStepRig(forge);
    await pushStack(rig);
    const annotations = { 'tekton-dag.io/catalog-revision': 'c'.repeat(40) };
    const owner = {
      apiVersion: 'tekton.dev/v1',
      kind: 'PipelineRun',
      metadata: { name: RUN, namespace: RUNS, annotations },
    };
    rig.api.put(PIPELINE_RUNS, { ...owner, spec: {} });
    const result = join(rig.forge.directory, 'platform-revision');
    const run = await rig.run('prepare', prepareEnv(rig, { PLATFORM_REVISION_RESULT: result }));
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const revision = await readFile(result, 'utf8');
    expect(revision).toMatch(/^[0-9a-f]{40}$/);
    expect(rig.record('provenance.json')).toEqual({
      platform: { url: prepareEnv(rig)['GIT_URL'], revision },
      catalog: { revision: 'c'.repeat(40), pinned: false },
    });
  });

  it('writes a plan that pins every app to a commit and survives hostile text', async () => {
    await using rig = await createStepRig(forge);
    await pushStack(rig);
    const sha = await rig.forge.push('acme/api', { 'a.txt': 'changed' }, 'feature');
    const run = await rig.run('prepare', prepareEnv(rig, { APP_REVISIONS: JSON.stringify({ api: sha }) }));
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(rig.record('plan.json')).toMatchObject({
      mode: 'pr',
      session: expect.stringMatching(/^pr-42-[a-z2-7]{6}$/),
      changedApps: ['api'],
      buildApps: [{ app: 'api', revision: sha }],
      requiredEdges: expect.arrayContaining([
        { caller: 'web', callee: 'mid' },
        { caller: 'mid', callee: 'api' },
      ]),
      stackSpec: { description: `it's "quoted" $(touch pwned) and ünï` },
    });
    const record = await rig.client.resource(kinds.configmaps, RUNS).get(RUN);
    expect(record?.metadata?.ownerReferences).toMatchObject([
      { kind: 'PipelineRun', name: RUN, uid: 'run-uid' },
    ]);
  });

  it('gives the same content key to the same tree, whatever the commit', async () => {
    await using rig = await createStepRig(forge);
    await pushStack(rig);
    const keys = new Set<unknown>();
    for (let round = 0; round < 2; round += 1) {
      await rig.run('prepare', prepareEnv(rig));
      keys.add(JSON.stringify(rig.record('plan.json')).match(/"contentKey":"([^"]+)"/)?.[1]);
      await rig.forge.push('acme/api', {});
    }
    expect(keys.size).toBe(1);
  });

  it('fails naming repository and commit when a commit does not exist', async () => {
    await using rig = await createStepRig(forge);
    await pushStack(rig);
    const sha = 'a'.repeat(40);
    const run = await rig.run('prepare', prepareEnv(rig, { APP_REVISIONS: JSON.stringify({ api: sha }) }));
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(`repository acme/api has no commit ${sha}`);
    expect(rig.record('plan.json')).toBeUndefined();
  });

  it('shows where a stack file is broken', async () => {
    await using rig = await createStepRig(forge);
    await pushStack(rig, stackText().replace('downstream: [mid]', 'downstream: [nobody]'));
    const run = await rig.run('prepare', prepareEnv(rig));
    expect(run.code).toBe(3);
    expect(run.stderr).toMatch(/stacks\/shop\.yaml:\d+:\d+/);
    expect(run.stderr).toContain('nobody');
  });

  it.each([
    [
      'a backend that the local cluster cannot have',
      { INTERCEPT_BACKEND: 'mirrord', TEKTON_DAG_HOST_TOOLCHAIN: '1' },
      'intercept-backend mirrord needs a Kubernetes cluster',
    ],
    [
      'an unknown backend',
      { INTERCEPT_BACKEND: 'carrier-pigeon' },
      'unknown backend "carrier-pigeon" (use one of: gateway, telepresence, mirrord)',
    ],
    ['an unknown app', { CHANGED_APP: 'nope' }, 'nope'],
    ['a revision that git would take for an option', { GIT_REVISION: '--upload-pack=x' }, 'GIT_REVISION'],
    ['app-revisions that are no JSON', { APP_REVISIONS: '{' }, 'APP_REVISIONS'],
    ['a stack file that is not there', { STACK_FILE: 'stacks/none.yaml' }, 'has no file stacks/none.yaml'],
    ['a stack file outside of the repository', { STACK_FILE: '../x.yaml' }, 'STACK_FILE'],
  ])('refuses %s', async (_, env, message) => {
    await using rig = await createStepRig(forge);
    await pushStack(rig);
    const run = await rig.run('prepare', prepareEnv(rig, env));
    expect(run.code).toBe(3);
    expect(run.stderr.trim().split('\n').at(-1)).toContain(message);
  });
});

const BOOTSTRAP = { MODE: 'bootstrap', CHANGED_APP: '', PR_NUMBER: '', PR_REPOSITORY: '' };

const forgetImages = async (rig: Awaited<ReturnType<typeof createStepRig>>): Promise<void> => {
  const record = rig.client.resource(kinds.configmaps, RUNS);
  await record.patch(RUN, { data: { 'images.json': null } }, { type: 'merge' });
};

describe('build', () => {
  const prepareAll = async (rig: Awaited<ReturnType<typeof createStepRig>>, count: number) => {
    await pushStack(rig, stackText({}, extraApps(count)));
    for (let index = 0; index < count; index += 1)
      await rig.forge.push(`acme/x${index}`, { 'a.txt': String(index) });
    expect(await rig.run('prepare', prepareEnv(rig, BOOTSTRAP))).toMatchObject({ code: 0 });
  };

  it('keeps at most max-parallel-builds alive and starts the next as one ends', async () => {
    await using rig = await createStepRig(forge);
    await prepareAll(rig, 2);
    const builds = startBuildController(rig, { auto: false });
    const running = rig.run('build');
    for (let index = 0; index < 5; index += 1) {
      await expect.poll(() => builds.started.length, { timeout: 30_000 }).toBe(Math.min(index + 2, 5));
      await builds.finish(builds.started[index] ?? '');
    }
    expect(await running).toMatchObject({ code: 0 });
    expect(builds.peak).toBe(2);
    expect(Object.keys(Object(rig.record('images.json'))).sort()).toEqual(['api', 'mid', 'web', 'x0', 'x1']);
  });

  it('makes TaskRuns that the run owns, without a token, with values that no one expands', async () => {
    await using rig = await createStepRig(forge);
    const text = stackText().replace(
      /env: [{] GREETING.*\n *build: [{] tool: none [}]\n$/,
      () => "build: { tool: npm, build-command: 'echo $(HOME) $$' }\n",
    );
    await pushStack(rig, text);
    await rig.run('prepare', prepareEnv(rig));
    startBuildController(rig, { auto: true });
    expect(await rig.run('build')).toMatchObject({ code: 0 });
    const [taskRun] = (await rig.client.resource(taskRuns, RUNS).list()).items;
    expect(taskRun).toMatchObject({
      metadata: {
        ownerReferences: [
          { kind: 'PipelineRun', name: RUN, uid: rig.api.get(PIPELINE_RUNS, RUN)?.metadata?.uid },
        ],
        labels: { 'tekton-dag.io/run': RUN, 'tekton-dag.io/app': 'api' },
      },
      spec: {
        serviceAccountName: 'tekton-dag-build',
        workspaces: [
          { name: 'source', emptyDir: {} },
          { name: 'ssh-key', secret: { secretName: 'git-key' } },
        ],
      },
    });
    const settings = JSON.stringify(taskRun?.spec.params?.find(({ name }) => name === 'build')?.value);
    expect(settings).not.toContain('$');
    const value: unknown = JSON.parse(settings);
    expect(typeof value === 'string' ? JSON.parse(value) : value).toMatchObject({
      buildCommand: 'echo $(HOME) $$',
    });
  });

  it('does not build what the registry has for the same content, but names it for this run', async () => {
    await using rig = await createStepRig(forge);
    await pushStack(rig);
    await rig.run('prepare', prepareEnv(rig));
    const key = JSON.stringify(rig.record('plan.json')).match(/"contentKey":"([^"]+)"/)?.[1] ?? '';
    const digest = rig.registry.seedManifest(
      'team/api',
      `c-${key}`,
      Buffer.from('{"schemaVersion":2}'),
      'application/vnd.oci.image.manifest.v1+json',
    );
    const builds = startBuildController(rig, { auto: true });
    expect(await rig.run('build')).toMatchObject({ code: 0 });
    expect(builds.started).toEqual([]);
    expect(rig.record('images.json')).toMatchObject({ api: { digest, reused: true } });
    expect(rig.registry.tags('team/api')).toContain(RUN);

    await forgetImages(rig);
    await rig.run('prepare', prepareEnv(rig, { FORCE_REBUILD: 'true' }));
    expect(await rig.run('build')).toMatchObject({ code: 0 });
    expect(builds.started).toEqual(['api']);
    expect(rig.record('images.json')).toMatchObject({ api: { digest: DIGEST, reused: false } });
  });

  it('keeps what an earlier attempt made, although a rebuild was asked for', async () => {
    await using rig = await createStepRig(forge);
    await prepareAll(rig, 0);
    await rig.run('prepare', prepareEnv(rig, { ...BOOTSTRAP, FORCE_REBUILD: 'true' }));
    const builds = startBuildController(rig, { auto: false });
    const failing = rig.run('build');
    await expect.poll(() => builds.started.length, { timeout: 30_000 }).toBe(2);
    const [first = '', second = ''] = builds.started;
    await builds.finish(first);
    await expect.poll(() => builds.started.length, { timeout: 30_000 }).toBe(3);
    await builds.finish(second, 'failed');
    expect(await failing).toMatchObject({ code: 1 });
    expect(Object.keys(Object(rig.record('images.json')))).toEqual([first]);
    expect((await rig.run('build')).stdout).toContain(`${first}: kept `);
  });

  it('adopts the TaskRuns of an earlier attempt', async () => {
    await using rig = await createStepRig(forge);
    await pushStack(rig);
    await rig.run('prepare', prepareEnv(rig));
    const builds = startBuildController(rig, { auto: true });
    await rig.run('build');
    expect(await rig.run('build')).toMatchObject({ code: 0 });
    expect(builds.started).toEqual(['api']);
  });

  it('names app, step and last log lines of a build that fails, and cancels the others', async () => {
    await using rig = await createStepRig(forge);
    await prepareAll(rig, 0);
    const builds = startBuildController(rig, { auto: false });
    const running = rig.run('build');
    await expect.poll(() => builds.started.length, { timeout: 30_000 }).toBe(2);
    const [first = '', second = ''] = builds.started;
    rig.api.put('/api/v1/namespaces/runs/pods', {
      metadata: { name: `${RUN}-build-${first}-pod`, namespace: RUNS },
    });
    rig.api.setLog(
      `/api/v1/namespaces/runs/pods/${RUN}-build-${first}-pod`,
      'compiling\nsyntax error in line 3\n',
    );
    await builds.finish(first, 'failed');
    const run = await running;
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(
      `build of ${first}, step compile failed (exit code 2): compiling | syntax error in line 3`,
    );
    await expect.poll(() => builds.cancelled, { timeout: 30_000 }).toEqual([second]);
    expect(builds.started).toHaveLength(2);
    expect(rig.record('images.json')).toEqual({});
  });

  it('cancels its TaskRuns when it is told to end', async () => {
    await using rig = await createStepRig(forge);
    await prepareAll(rig, 0);
    const builds = startBuildController(rig, { auto: false });
    const stop = new AbortController();
    const running = rig.run('build', {}, { signal: stop.signal });
    await expect.poll(() => builds.started.length, { timeout: 30_000 }).toBe(2);
    stop.abort();
    expect(await running).toMatchObject({ code: 130 });
    await expect.poll(() => builds.cancelled.length, { timeout: 30_000 }).toBe(2);
  });

  it('runs a hook as a TaskRun and fails with it', async () => {
    await using rig = await createStepRig(forge);
    const builds = startBuildController(rig, { auto: false });
    const name = `${RUN}-pre-build-hook`;
    const running = rig.run('run-hook', { HOOK: 'pre-build', HOOK_TASK: 'scan' });
    await builds.appeared(name);
    const taskRun = await rig.client.resource(taskRuns, RUNS).get(name);
    expect(taskRun?.spec).toMatchObject({
      taskRef: { name: 'scan' },
      params: [{ name: 'run-name', value: RUN }],
    });
    await builds.finish(name, 'failed');
    expect(await running).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('hook pre-build (Task scan)'),
    });
  });
});
