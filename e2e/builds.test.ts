/** Building: what fails and what is said of it, what is built again, how many at once. */

import { createReflector, kinds } from '@tekton-dag/kube';
import { LABEL, parseImages, type Images, type Task, type TaskRun } from '@tekton-dag/model';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isOver, type RunOutcome } from './rig/run-outcome.ts';
import { createStackRig, RUN_NAMESPACE, type StackRig } from './rig/stack-rig.ts';
import { patience } from './rig/patience.ts';

vi.setConfig(patience);

let rig: StackRig;
beforeAll(async () => {
  rig = await createStackRig();
});
afterAll(async () => {
  expect(await rig.end()).toEqual([]);
});

const steered = (name: string): object => ({
  build: { tool: 'none', 'build-command': rig.steeredCommand(name) },
});

async function logsOf(run: string): Promise<string> {
  return (await rig.cli('run', 'logs', run, '--namespace', RUN_NAMESPACE)).stdout;
}

/** Bootstraps a stack of one app, which must fail; what its steps said. */
async function failureOf(app: string, settings: object, files?: Record<string, string>): Promise<string> {
  await rig.pushApp(app, files);
  await rig.writeStack({ name: app, apps: { [app]: settings } });
  const run = await rig.createRun('bootstrap', app);
  expect(await rig.finish(run)).toMatchObject({ succeeded: false, reason: 'Failed' });
  return await logsOf(run);
}

const buildsOf = ({ taskRuns }: RunOutcome): TaskRun[] =>
  taskRuns.filter(({ spec }) => spec.taskRef?.name === 'build-app');

describe.concurrent('a build that fails', () => {
  it('names app, step and last log lines, and the other builds are cancelled', async () => {
    for (const app of ['red', 'slow']) await rig.pushApp(app);
    await rig.writeStack({ name: 'red', apps: { red: steered('red'), slow: steered('slow') } });
    const run = await rig.createRun('bootstrap', 'red');
    const [red, slow] = await Promise.all([rig.steering.next('red'), rig.steering.next('slow')]);
    red.print('no such symbol: frobnicate');
    await red.exit(7);
    await slow.gone;
    const outcome = await rig.finish(run);
    expect(outcome).toMatchObject({ succeeded: false, reason: 'Failed' });
    const reasons = buildsOf(outcome).map(({ status }) => status?.conditions?.[0]?.reason);
    expect(new Set(reasons)).toEqual(new Set(['StepFailed', 'TaskRunCancelled']));
    const said = await logsOf(run);
    expect(said).toMatch(/error\[BUILD_FAILED\]: .*build of red.*compile.*no such symbol: frobnicate/);
    expect(said).toContain('cancelled 1 other build(s)');
  });

  it.each([
    ['gradle', 'gradle'],
    ['maven', 'mvn'],
  ])('names the program when %s is not installed', async (tool, program) => {
    const said = await failureOf(`with-${tool}`, { build: { tool } });
    expect(said).toMatch(new RegExp(`error\\[BUILD_FAILED\\]: .*${program} is not on the PATH`));
  });

  it('names the line and the program that is needed when a Dockerfile has RUN', async () => {
    const Dockerfile = 'FROM node:24-slim\nWORKDIR /app\nRUN npm ci\nCOPY . .\n';
    const said = await failureOf('with-run', {}, { Dockerfile });
    expect(said).toMatch(/error\[BUILD_FAILED\]: .*Dockerfile:3: RUN.*buildah/);
  });

  it('names the Dockerfile that the repository does not have', async () => {
    const said = await failureOf('no-file', { dockerfile: 'docker/Dockerfile.prod' });
    expect(said).toMatch(/error\[BUILD_FAILED\]: .*docker\/Dockerfile\.prod does not exist/);
  });

  it('names the registry when it goes away in the middle', async () => {
    await using registry = await openForwarder(rig.cluster.registryHost);
    await rig.pushApp('lonely');
    await rig.writeStack({ name: 'lonely', apps: { lonely: steered('lonely') } });
    const run = await rig.createRun('bootstrap', 'lonely', '--registry', registry.host);
    const program = await rig.steering.next('lonely');
    await registry[Symbol.asyncDispose]();
    await program.exit(0);
    expect(await rig.finish(run)).toMatchObject({ succeeded: false, reason: 'Failed' });
    expect(await logsOf(run)).toMatch(new RegExp(`error\\[BUILD_FAILED\\]: .*${registry.host}`));
  });

  it('does not begin when the hook before it fails', async () => {
    const refuse: Task = {
      apiVersion: 'tekton.dev/v1',
      kind: 'Task',
      metadata: { name: 'refuse', namespace: RUN_NAMESPACE },
      spec: {
        params: [{ name: 'run-name' }],
        steps: [{ name: 'say', image: 'busybox', script: '#!/bin/sh\necho frozen until monday\nexit 1\n' }],
      },
    };
    await rig.cluster.client.resource<Task>(kinds.tasks, RUN_NAMESPACE).create(refuse);
    await rig.pushApp('frozen');
    await rig.writeStack({ name: 'frozen', apps: { frozen: {} } });
    const run = await rig.createRun('bootstrap', 'frozen', '--param', 'pre-build-task=refuse');
    const outcome = await rig.finish(run);
    expect(outcome).toMatchObject({ succeeded: false, reason: 'Failed' });
    expect(buildsOf(outcome)).toEqual([]);
    expect(outcome.record).not.toHaveProperty('images.json');
    expect(await logsOf(run)).toMatch(/error\[HOOK_FAILED\]: hook pre-build.*frozen until monday/);
  });
});

describe('a stack of six apps', () => {
  const apps = ['one', 'two', 'three', 'four', 'five', 'six'];
  /** Nothing is deployed: the hook after the builds does not exist. */
  const buildOnly = ['--param', 'post-build-task=no-such-task'];

  const imagesOf = ({ record }: RunOutcome): Images => {
    const parsed = parseImages(record['images.json'] ?? '');
    if (!parsed.ok) throw new Error('the run record has no images.json');
    return parsed.value;
  };

  beforeAll(async () => {
    for (const app of apps) await rig.pushApp(app);
    const settings = apps.map((app) => [app, steered(app)]);
    await rig.writeStack({ name: 'wide', apps: Object.fromEntries(settings) });
  });

  it('builds two at once and no more, the third as soon as one ends', async () => {
    const run = await rig.createRun('bootstrap', 'wide', '--param', 'max-parallel-builds=2', ...buildOnly);
    await using builds = await watchBuilds(run);
    const first = await rig.steering.next();
    const second = await rig.steering.next();
    expect(builds.alive()).toBe(2);
    await first.exit(0);
    const third = await rig.steering.next();
    expect(builds.names()).toHaveLength(3);
    expect(builds.alive()).toBe(2);
    rig.steering.letAllExit(0);
    await Promise.all([second.exit(0), third.exit(0)]);
    const outcome = await rig.finish(run);
    expect(Object.keys(imagesOf(outcome)).sort()).toEqual([...apps].sort());
    expect(buildsOf(outcome)).toHaveLength(apps.length);
    expect(builds.most()).toBe(2);
  });

  it('is not built again while its content is the same', async () => {
    const outcome = await rig.run('bootstrap', 'wide', ...buildOnly);
    expect(buildsOf(outcome)).toEqual([]);
    expect(Object.values(imagesOf(outcome)).map(({ reused }) => reused)).toEqual(apps.map(() => true));
    expect(outcome.message).not.toBe('');
  });

  it('is built again where asked: only the apps of the subset, although their images exist', async () => {
    const subset = ['--apps', 'two,five', '--force-rebuild'];
    const outcome = await rig.run('bootstrap', 'wide', ...subset, ...buildOnly);
    const built = buildsOf(outcome).map(({ metadata }) => metadata.labels?.[LABEL.app]);
    expect(new Set(built)).toEqual(new Set(['five', 'two']));
    expect(built).toHaveLength(2);
    const images = imagesOf(outcome);
    expect(Object.keys(images).sort()).toEqual(['five', 'two']);
    expect(Object.values(images).map(({ reused }) => reused)).toEqual([false, false]);
  });
});

/** Watches the build TaskRuns of a run: how many there are, and how many were ever alive at once. */
async function watchBuilds(run: string) {
  const reflector = createReflector(rig.cluster.client.resource<TaskRun>(kinds.taskruns, RUN_NAMESPACE), {
    labelSelector: `${LABEL.run}=${run}`,
  });
  const builds = (): TaskRun[] => reflector.items().filter(({ spec }) => spec.taskRef?.name === 'build-app');
  const alive = (): number => builds().filter((build) => !isOver(build)).length;
  let most = 0;
  reflector.on(() => {
    most = Math.max(most, alive());
  });
  reflector.start();
  await reflector.synced;
  return {
    alive,
    names: () => builds().map(({ metadata }) => metadata.name),
    most: () => most,
    [Symbol.asyncDispose]: () => reflector[Symbol.asyncDispose](),
  };
}

/** A port that leads to the registry until it is disposed of. */
async function openForwarder(target: string) {
  const { hostname, port } = new URL(`http://${target}`);
  const sockets = new Set<Socket>();
  const server = createServer((incoming) => {
    const outgoing = connect(Number(port), hostname);
    for (const socket of [incoming, outgoing]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    incoming.pipe(outgoing).pipe(incoming);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    host: `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    async [Symbol.asyncDispose]() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
