/** Building on a real cluster: Dockerfiles with RUN, settings of the team, how many pods at once, and what goes wrong. */

import { kinds, waitFor, type Pod } from '@tekton-dag/kube';
import { parseImages, type Images, type Task, type TaskRun } from '@tekton-dag/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainOutcome } from '../rig/explain-outcome.ts';
import type { RunOutcome } from '../rig/run-outcome.ts';
import { createClusterRig, type ClusterRig } from './rig/cluster-rig.ts';
import { readClusterSettings } from './rig/cluster-settings.ts';
import { highestAliveBuilds } from './rig/highest-alive-builds.ts';
import { servePackages, type PackageServer } from './rig/serve-packages.ts';

let rig: ClusterRig;
let packages: PackageServer;

/** A small image with sh and httpd, as `[host[:port]/]path/name:tag`. */
const smallImage = (): string => process.env['TEST_IMAGE'] ?? `${process.env['REGISTRY'] ?? ''}/busybox:1`;

/** Where an image comes from, and its name there. */
function splitImage(image: string): { home: string; name: string } {
  const slash = image.lastIndexOf('/');
  return slash === -1
    ? { home: 'docker.io/library', name: image }
    : { home: image.slice(0, slash), name: image.slice(slash + 1) };
}

beforeAll(async () => {
  const { hostAddress, registry, image } = await readClusterSettings(process.env);
  packages = await servePackages(hostAddress);
  rig = await createClusterRig({
    team: {
      builderImage: process.env['BUILDER_IMAGE'] ?? image,
      cacheRepo: `${registry}/tekton-dag-test/layers`,
      registryMirrors: { 'base.invalid': splitImage(smallImage()).home },
      packageProxies: { npm: packages.npm, pip: packages.pip },
    },
    namespaceLabels: { 'pod-security.kubernetes.io/enforce': 'baseline' },
  });
});

afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await packages[Symbol.asyncDispose]();
});

/** Nothing is deployed: the hook after the builds does not exist. */
const buildOnly = ['--param', 'post-build-task=no-such-task'];

const steered = (name: string): object => ({
  build: { tool: 'none', 'build-command': rig.steeredCommand(name) },
});
const imagesOf = ({ record }: RunOutcome): Images => {
  const parsed = parseImages(record['images.json'] ?? '');
  return parsed.ok ? parsed.value : {};
};
const buildsOf = ({ taskRuns }: RunOutcome): TaskRun[] =>
  taskRuns.filter(({ spec }) => spec.taskRef?.name?.startsWith('build-app') === true);
const logsOf = async (run: string): Promise<string> =>
  (await rig.cli('run', 'logs', run, '--namespace', rig.namespace)).stdout;

/** Builds a stack of one app and deploys nothing. */
async function buildApp(app: string, settings: object, ...args: string[]): Promise<RunOutcome> {
  await rig.writeStack({ name: app, apps: { [app]: settings } });
  return await rig.run('bootstrap', app, ...buildOnly, ...args);
}

describe('a Dockerfile with RUN', () => {
  const Dockerfile = () =>
    `FROM base.invalid/${splitImage(smallImage()).name}
RUN mkdir -p /srv/made && chown 1000:1000 /srv/made && id -u > /srv/made/by
COPY behaviour.json /srv/made/
RUN test "$(cat /srv/made/by)" = 0 && chown 1000 /srv/made/behaviour.json
USER 1000
CMD ["httpd", "-f", "-p", "8080", "-h", "/srv/made"]
`;

  it('is built by buildah from the mirror of its base, and its app runs', async () => {
    await rig.pushApp('runs', { Dockerfile: Dockerfile() });
    await rig.writeStack({ name: 'runs', apps: { runs: {} } });
    const run = await rig.run('bootstrap', 'runs');
    expect(run.succeeded, explainOutcome(run)).toBe(true);
    expect(buildsOf(run).map(({ spec }) => spec.taskRef?.name)).toEqual(['build-app-buildah']);
  });

  it('is built again from the layers in the registry', async () => {
    const run = await buildApp('runs', {}, '--force-rebuild');
    expect(imagesOf(run)['runs']).toMatchObject({ reused: false });
    expect(await logsOf(run.name)).toContain('Cache pulled from remote');
  });

  it('says which command of it failed', async () => {
    const text = Dockerfile().replace('chown 1000 /srv', 'frobnicate /srv');
    await rig.pushApp('wrong', { Dockerfile: text });
    const run = await buildApp('wrong', {});
    expect(run.succeeded).toBe(false);
    expect(await logsOf(run.name)).toMatch(/error\[BUILD_FAILED\]: .*build of wrong, step image.*frobnicate/);
  });
});

describe('a package proxy of the team', () => {
  it('gives npm its packages', async () => {
    await rig.pushApp('with-npm', {
      'package.json': '{"name":"a","version":"1.0.0","dependencies":{"tiny-dep":"^1.0.0"}}',
      'check.cjs': "if (require('tiny-dep') !== 'from the npm proxy') process.exit(1);\n",
    });
    const run = await buildApp('with-npm', { build: { tool: 'npm', 'post-command': 'node check.cjs' } });
    expect(Object.keys(imagesOf(run)), explainOutcome(run)).toEqual(['with-npm']);
    expect(packages.requests).toContain('/npm/tiny-dep');
  });

  it('gives pip its packages', async () => {
    await rig.pushApp('with-pip', { 'requirements.txt': 'tiny-dep==1.0.0\n' });
    const check = 'PYTHONPATH=vendor python3 -c "import tiny_dep; print(tiny_dep.ORIGIN)"';
    const run = await buildApp('with-pip', { build: { tool: 'pip', 'post-command': check } });
    expect(Object.keys(imagesOf(run)), explainOutcome(run)).toEqual(['with-pip']);
    expect(await logsOf(run.name)).toContain('from the pip proxy');
  });
});

describe('a stack of six apps', () => {
  it('has at most two builder pods alive when two are allowed', async () => {
    const apps = ['one', 'two', 'three', 'four', 'five', 'six'];
    for (const app of apps) await rig.pushApp(app);
    const settings = apps.map((app) => [app, steered(app)]);
    await rig.writeStack({ name: 'wide', apps: Object.fromEntries(settings) });
    await using pods = await highestAliveBuilds(rig.client, rig.namespace);
    const run = await rig.createRun('bootstrap', 'wide', '--param', 'max-parallel-builds=2', ...buildOnly);
    const [first, second] = [await rig.steering.next(), await rig.steering.next()];
    await first.exit(0);
    await second.exit(0);
    for (const _ of apps.slice(2)) await (await rig.steering.next()).exit(0);
    const outcome = await rig.finish(run);
    expect(Object.keys(imagesOf(outcome)).sort(), explainOutcome(outcome)).toEqual([...apps].sort());
    expect(pods.highest()).toBe(2);
  });
});

/** As on a full node: the pods of task build-app ask for more than any node has. */
async function takeAllRoom() {
  const tasks = rig.client.resource<Task>(kinds.tasks, rig.namespace);
  const task = await tasks.get('build-app');
  if (task === undefined) throw new Error('the catalog has no task build-app');
  const [first, ...others] = task.spec.steps;
  const greedy = { ...first, computeResources: { requests: { cpu: '4000' } } };
  await tasks.patch('build-app', { spec: { steps: [greedy, ...others] } }, { type: 'merge' });
  return {
    async [Symbol.asyncDispose]() {
      await tasks.patch('build-app', { spec: { steps: task.spec.steps } }, { type: 'merge' });
    },
  };
}

/** The TaskRun that builds an app in a run, once it has a pod. */
async function awaitBuild(run: string, app: string): Promise<TaskRun> {
  const taskRuns = rig.client.resource<TaskRun>(kinds.taskruns, rig.namespace);
  const name = `${run}-build-${app}`;
  const found = await waitFor(taskRuns, name, ({ status }) => status?.podName !== undefined, {
    timeoutMs: 300_000,
  });
  if (!found.ok) throw new Error(`no TaskRun ${name} with a pod`);
  return found.value;
}

describe('a build whose pod does not come up', () => {
  it('fails naming the image that cannot be pulled', async () => {
    await rig.pushApp('unpulled');
    const image = `${rig.settings.registry}/no-such-image:1`;
    const settings = { build: { tool: 'npm', 'build-command': 'true' } };
    const run = await buildApp('unpulled', settings, '--param', `compile-image-npm=${image}`);
    expect(run.succeeded).toBe(false);
    expect(await logsOf(run.name)).toMatch(/error\[BUILD_FAILED\]: build of unpulled.*no-such-image/);
  });

  it('says why it waits while the cluster has no room for it', async () => {
    await rig.pushApp('crowded');
    await rig.writeStack({ name: 'crowded', apps: { crowded: {} } });
    await using _ = await takeAllRoom();
    const run = await rig.createRun('bootstrap', 'crowded', ...buildOnly);
    await awaitBuild(run, 'crowded');
    const pods = rig.client.resource<Pod>(kinds.pods, rig.namespace);
    const { items } = await pods.list({
      labelSelector: `tekton.dev/pipelineRun=${run},tekton.dev/pipelineTask=build`,
    });
    const said: string[] = [];
    for await (const line of pods.logs(items[0]?.metadata?.name ?? '', {
      container: 'step-build',
      follow: true,
    })) {
      said.push(line);
      if (line.includes('waits:')) break;
    }
    expect(said.at(-1)).toMatch(/build of crowded waits: .*nodes are available.*cpu/);
    await rig.cli('run', 'cancel', run, '--namespace', rig.namespace);
    expect(await rig.finish(run)).toMatchObject({ succeeded: false, reason: 'Cancelled' });
  });

  it('fails saying so when its pod is deleted in the middle', async () => {
    await rig.pushApp('deleted');
    await rig.writeStack({ name: 'deleted', apps: { deleted: steered('deleted') } });
    const run = await rig.createRun('bootstrap', 'deleted', ...buildOnly);
    const { status } = await awaitBuild(run, 'deleted');
    const program = await rig.steering.next('deleted');
    await rig.client.resource<Pod>(kinds.pods, rig.namespace).delete(status?.podName ?? '');
    await program.gone;
    expect(await rig.finish(run)).toMatchObject({ succeeded: false, reason: 'Failed' });
    expect(await logsOf(run)).toMatch(/error\[BUILD_FAILED\]: build of deleted.*its pod was deleted/);
  });
});
