/** What happens to runs when the processes that carry them are killed or interrupted. */

import { kinds } from '@tekton-dag/kube';
import { LABEL, type PipelineRun } from '@tekton-dag/model';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { askStack } from './rig/ask-stack.ts';
import { findLeftProcesses } from './rig/find-left-processes.ts';
import type { RigOrchestrator } from './rig/rig-orchestrator.ts';
import { createStackRig, RUN_NAMESPACE, type StackRig } from './rig/stack-rig.ts';
import { patience } from './rig/patience.ts';

vi.setConfig(patience);

let rig: StackRig;
let orchestrator: RigOrchestrator;

beforeAll(async () => {
  rig = await createStackRig();
  for (const app of ['api', 'shy']) await rig.pushApp(app);
  const build = (name: string): object => ({
    build: { tool: 'none', 'build-command': rig.steeredCommand(name) },
  });
  await rig.writeStack({ name: 'solo', apps: { api: build('build') } });
  await rig.writeStack({ name: 'shy', apps: { shy: build('shy') } });
  orchestrator = await rig.startOrchestrator(['solo']);
});
afterAll(async () => {
  expect(await rig.end()).toEqual([]);
});

async function runsOf(pullRequest: number): Promise<PipelineRun[]> {
  const runs = rig.cluster.client.resource<PipelineRun>(kinds.pipelineruns, RUN_NAMESPACE);
  return (await runs.list({ labelSelector: `${LABEL.pullRequest}=${pullRequest}` })).items;
}

describe('kill -9 of the orchestrator', () => {
  it('right after its answer and again in the middle of the run: there is exactly one run, and it ends', async () => {
    const headSha = await rig.pushApp('api', { 'behaviour.json': '{"version":"2"}' }, 'two');
    const change = { repository: 'acme/api', number: 3, headSha, headRef: 'two' };
    const answer = await orchestrator.deliver(change, 'delivery-3');
    await orchestrator.kill();
    expect(answer.status).toBeLessThan(300);
    await orchestrator.restart();
    const build = await rig.steering.next('build');
    await orchestrator.kill();
    await orchestrator.restart();
    await orchestrator.deliver(change, 'delivery-3');
    await build.exit(1);
    const [run] = await runsOf(3);
    expect(await rig.finish(run?.metadata.name ?? '')).toMatchObject({ succeeded: false, reason: 'Failed' });
    expect(await runsOf(3)).toHaveLength(1);
  });
});

describe('kill -9 of the orchestrator with a queue', () => {
  it('right after its answers: every pull request has exactly one run, and all of them end', async () => {
    const pullRequests = [11, 12, 13, 14, 15];
    // A commit that does not exist: the runs are short.
    const deliver = (number: number) =>
      orchestrator.deliver({ repository: 'acme/api', number, headSha: 'd'.repeat(40) }, `queued-${number}`);
    const answers = await Promise.all(pullRequests.map(deliver));
    await orchestrator.kill();
    expect(answers.map(({ status }) => status < 300)).toEqual(pullRequests.map(() => true));
    await orchestrator.restart();
    const namesOf = async (): Promise<string[]> =>
      (await Promise.all(pullRequests.map(runsOf))).flat().map(({ metadata }) => metadata.name ?? '');
    await expect.poll(namesOf, { timeout: 240_000 }).toHaveLength(pullRequests.length);
    const outcomes = await Promise.all((await namesOf()).map((name) => rig.finish(name)));
    expect(outcomes.map(({ reason }) => reason)).toEqual(pullRequests.map(() => 'Failed'));
    expect(await namesOf()).toHaveLength(pullRequests.length);
  });
});

describe('kill -9 of the local cluster in the middle of a run', () => {
  it('loses no object that was acknowledged, and the run that was building fails with the reason', async () => {
    const run = await rig.createRun('bootstrap', 'shy');
    const build = await rig.steering.next('shy');
    const configMaps = rig.cluster.client.resource(kinds.configmaps, 'default');
    const names = Array.from({ length: 20 }, (_, index) => `kept-${index}`);
    await Promise.all(
      names.map((name) =>
        configMaps.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { name } }),
      ),
    );
    await rig.cluster.kill();
    await rig.cluster.restart();
    await build.gone;
    const { items } = await configMaps.list();
    expect(items.map(({ metadata }) => metadata?.name)).toEqual(expect.arrayContaining(names));
    expect(await rig.finish(run)).toMatchObject({ succeeded: false, reason: 'Failed' });
    const { stdout } = await rig.cli('run', 'watch', run, '--namespace', RUN_NAMESPACE);
    expect(stdout).toContain('task build: PodEvicted: The local cluster was stopped while');
  });

  it("cleans the pull request's pods away that were being tested, and the baseline answers again", async () => {
    await rig.pushApp('shop');
    const command = ['node', 'steered-program.ts', rig.steering.address, 'test'];
    await rig.writeStack({ name: 'shop', apps: { shop: { tests: { command } } } });
    expect(await rig.run('bootstrap', 'shop')).toMatchObject({ succeeded: true });
    const sha = await rig.pushApp('shop', { 'behaviour.json': '{"version":"2"}' }, 'two');
    const run = await rig.createRun('pr', 'shop', '--app', 'shop', '--pr', '4', '--sha', sha);
    const test = await rig.steering.next('test');
    const session = test.env['SESSION_VALUE'] ?? '';
    const ask = async (): Promise<string> =>
      (await askStack(rig.cluster.client, { namespace: 'shop', app: 'shop', session })).version;
    expect(await ask()).toBe('2');
    await rig.cluster.kill();
    await rig.cluster.restart();
    expect(await rig.finish(run)).toMatchObject({ succeeded: false, reason: 'Failed' });
    const { items } = await rig.cluster.client
      .resource(kinds.deployments, 'shop')
      .list({ labelSelector: LABEL.session });
    expect(items).toEqual([]);
    const answerOrFault = (): Promise<string> => ask().catch((fault: unknown) => String(fault));
    await expect.poll(answerOrFault, { timeout: 240_000 }).toBe('1');
  });
});

describe('Ctrl-C', () => {
  it('of a watched run ends the watching, and of the cluster everything that it runs', async () => {
    const [program = '', ...first] = rig.command;
    const args = ['run', 'create', '--mode', 'bootstrap', '--stack', 'stacks/shy.yaml', '--watch'];
    const rest = ['--team', `${rig.root}/teams/default/team.yaml`, '--attempt', '99', '--force-rebuild'];
    const watching = spawn(program, [...first, ...args, ...rest], {
      cwd: `${rig.forge.directory}/work/acme/platform`,
      env: { ...rig.env, KUBECONFIG: rig.cluster.kubeconfigPath },
      stdio: 'ignore',
    });
    const build = await rig.steering.next('shy');
    watching.kill('SIGINT');
    await once(watching, 'exit');
    expect(watching.exitCode).toBe(130);
    await orchestrator.stop();
    expect((await findLeftProcesses(rig.root)).length).toBeGreaterThan(2);
    process.kill(rig.cluster.pid(), 'SIGINT');
    await build.gone;
    await expect.poll(() => findLeftProcesses(rig.root), { timeout: 240_000 }).toEqual([]);
  });
});
