/** Pull requests as the forge tells of them: at the same time, pushed to again, closed. */

import { kinds } from '@tekton-dag/kube';
import { LABEL, type PipelineRun } from '@tekton-dag/model';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { askStack, describeStackAnswer } from './rig/ask-stack.ts';
import type { RigOrchestrator } from './rig/rig-orchestrator.ts';
import { createStackRig, RUN_NAMESPACE, type StackRig } from './rig/stack-rig.ts';
import type { SteeredProgram } from './rig/steering.ts';
import { patience } from './rig/patience.ts';

vi.setConfig(patience);

let rig: StackRig;
let orchestrator: RigOrchestrator;

beforeAll(async () => {
  rig = await createStackRig();
  for (const app of ['front', 'api']) await rig.pushApp(app);
  const command = ['node', 'steered-program.ts', rig.steering.address, 'test'];
  await rig.writeStack({
    name: 'duo',
    apps: { front: { role: 'frontend', downstream: ['api'] }, api: { tests: { command } } },
  });
  const [bootstrapped] = await Promise.all([
    rig.run('bootstrap', 'duo'),
    rig.startOrchestrator(['duo']).then((started) => (orchestrator = started)),
  ]);
  expect(bootstrapped).toMatchObject({ succeeded: true });
});
afterAll(async () => {
  expect(await rig.end()).toEqual([]);
});

const sessionOf = ({ env }: SteeredProgram): string => env['SESSION_VALUE'] ?? '';

async function ask(session?: string): Promise<string> {
  const tagged = session === undefined ? {} : { session };
  return describeStackAnswer(
    await askStack(rig.cluster.client, { namespace: 'duo', app: 'front', ...tagged }),
  );
}

async function runsOf(pullRequest: number): Promise<PipelineRun[]> {
  const labelSelector = `${LABEL.pullRequest}=${pullRequest}`;
  const runs = rig.cluster.client.resource<PipelineRun>(kinds.pipelineruns, RUN_NAMESPACE);
  return (await runs.list({ labelSelector })).items;
}

async function onlyRunOf(pullRequest: number): Promise<string> {
  const runs = await runsOf(pullRequest);
  expect(runs).toHaveLength(1);
  return runs[0]?.metadata.name ?? '';
}

/** Objects of a session in the namespace of the apps. */
async function leftOf(session: string): Promise<string[]> {
  const labelSelector = `${LABEL.session}=${session}`;
  const lists = await Promise.all(
    [kinds.deployments, kinds.services, kinds.httproutes].map(async (kind) =>
      (await rig.cluster.client.resource(kind, 'duo').list({ labelSelector })).items.map(
        ({ metadata }) => `${kind.kind} ${metadata?.name ?? ''}`,
      ),
    ),
  );
  return lists.flat();
}

describe('pull requests of one app', () => {
  const branch = `it's-"$(touch\${IFS}canary)";\`touch\${IFS}canary\`-é漢`;
  let first: SteeredProgram;
  let second: SteeredProgram;

  const push = (version: string, name: string): Promise<string> =>
    rig.pushApp('api', { 'behaviour.json': JSON.stringify({ version }) }, name);

  it('each have one run, however often their delivery comes, whatever their branch and title are called', async () => {
    const canary = join(rig.root, 'canary');
    const change = { repository: 'acme/api', number: 1, headRef: branch };
    const title = `"'; touch ${canary}; $(touch ${canary}) \`touch ${canary}\`\n$(params.git-url) é漢`;
    const headSha = await push('pr-1', branch);
    const deliveries = await Promise.all(
      [1, 2, 3].map(() => orchestrator.deliver({ ...change, title, headSha }, 'the-same-delivery')),
    );
    expect(deliveries.map(({ status }) => status < 300)).toEqual([true, true, true]);
    const two = { repository: 'acme/api', number: 2, headSha: await push('pr-2', 'two') };
    await orchestrator.deliver({ ...two, headRef: 'two' });
    const tests = await Promise.all([rig.steering.next('test'), rig.steering.next('test')]);
    [first, second] = tests.sort((a, b) => sessionOf(a).localeCompare(sessionOf(b)));
    expect([sessionOf(first), sessionOf(second)]).toEqual([
      expect.stringMatching(/^pr-1-/),
      expect.stringMatching(/^pr-2-/),
    ]);
    await Promise.all([onlyRunOf(1), onlyRunOf(2)]);
    await expect(access(canary)).rejects.toThrow('ENOENT');
  });

  it('each get their own requests, and everybody else gets the baseline', async () => {
    expect(await ask(sessionOf(first))).toBe('front 1 -> api pr-1');
    expect(await ask(sessionOf(second))).toBe('front 1 -> api pr-2');
    expect(await ask()).toBe('front 1 -> api 1');
    expect(await ask('pr-3-nobody')).toBe('front 1 -> api 1');
  });

  it('leave nothing when their run ends, and leave the others alone', async () => {
    await first.exit(0);
    expect(await rig.finish(await onlyRunOf(1))).toMatchObject({ succeeded: true });
    expect(await leftOf(sessionOf(first))).toEqual([]);
    expect(await ask(sessionOf(first))).toBe('front 1 -> api 1');
    expect(await ask(sessionOf(second))).toBe('front 1 -> api pr-2');
  });

  it('have logs from the first step to the last, in order, over the API', async () => {
    const path = `/api/runs/${RUN_NAMESPACE}/${await onlyRunOf(1)}/logs`;
    const logs = await orchestrator.readStream(path, /^event: end\ndata: .*\n/m);
    const tasks = [...logs.matchAll(/^data: \{"task":"([^"]+)"/gm)].map(([, task]) => task);
    expect([...new Set(tasks)]).toEqual([
      'prepare',
      'build',
      'build api',
      expect.stringMatching(/^deploy/),
      'test',
      'cleanup',
    ]);
    expect(logs).toMatch(/^data: \{"state":"succeeded"\}$/m);
    const ids = [...logs.matchAll(/^id: (.+)$/gm)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('are tested anew when they are pushed to, and the run of the old commit is cancelled', async () => {
    const old = await onlyRunOf(2);
    const headSha = await push('pr-2-again', 'two');
    const change = { repository: 'acme/api', number: 2, headRef: 'two', headSha };
    await orchestrator.deliver({ ...change, action: 'synchronize', updatedAt: '2026-01-02T04:00:00Z' });
    await second.gone;
    const superseded = await rig.finish(old);
    expect(superseded).toMatchObject({ succeeded: false });
    expect(superseded.reason).toMatch(/^Cancelled/);
    second = await rig.steering.next('test');
    expect(await ask(sessionOf(second))).toBe('front 1 -> api pr-2-again');
    expect(await runsOf(2)).toHaveLength(2);
  });

  it('are cancelled and cleaned away when they are closed without a merge', async () => {
    const running = (await runsOf(2)).find(({ spec }) => spec.status === undefined)?.metadata.name ?? '';
    const change = { repository: 'acme/api', number: 2, headRef: 'two' };
    await orchestrator.deliver({ ...change, action: 'closed', updatedAt: '2026-01-02T05:00:00Z' });
    await second.gone;
    const cancelled = await rig.finish(running);
    expect(cancelled.reason).toMatch(/^Cancelled/);
    await expect.poll(() => leftOf(sessionOf(second)), { timeout: 240_000 }).toEqual([]);
    expect(await ask(sessionOf(second))).toBe('front 1 -> api 1');
    expect(await runsOf(2)).toHaveLength(2);
  });
});
