/** Admission and history: at most so many runs of a team at once, and a record of all. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { pipelineRunsIn } from '../src/runs/pipeline-runs.ts';
import { phaseOf } from '../src/runs/run-phase.ts';
import { pullRequestPayload } from '../src/testing/index.ts';
import { NAMESPACE, startRig, type Rig } from './orchestrator-rig.ts';

const RUNS_PATH = `/apis/tekton.dev/v1/namespaces/${NAMESPACE}/pipelineruns`;

let rig: Rig;

beforeEach(async () => {
  rig = await startRig();
});
afterEach(async () => rig[Symbol.asyncDispose]());

async function phases(): Promise<Record<string, number>> {
  const counts = Map.groupBy(await rig.runs(), phaseOf);
  return Object.fromEntries([...counts].map(([phase, runs]) => [phase, runs.length]));
}

async function history(): Promise<readonly Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = JSON.parse(
    await (await rig.call('GET', '/api/runs?limit=50')).text(),
  );
  return rows;
}

it('lets as many runs go as the team may have, and the next when one ends', async () => {
  const answers = await Promise.all(
    [1, 2, 3, 4, 5].map((number) => rig.deliver(pullRequestPayload({ number }))),
  );
  await eventually(phases).toEqual({ live: 2, pending: 3 });
  const [live] = (await rig.runs()).filter((run) => phaseOf(run) === 'live');
  await rig.endRun(live?.metadata.name ?? '', 'True', 'Succeeded');
  await eventually(phases).toEqual({ live: 2, pending: 2, finished: 1 });
  expect((await rig.runs()).map(({ metadata }) => metadata.name)).toEqual(
    answers.map(({ pipelinerun = '' }) => pipelinerun).toSorted((a, b) => (a < b ? -1 : 1)),
  );
});

it('counts the slots from the runs that live, also after a restart', async () => {
  await Promise.all([1, 2, 3].map((number) => rig.deliver(pullRequestPayload({ number }))));
  await eventually(phases).toEqual({ live: 2, pending: 1 });
  await rig.restart();
  const later = await rig.deliver(pullRequestPayload({ number: 9 }));
  await eventually(phases).toEqual({ live: 2, pending: 2 });
  expect(later.status).toBe('accepted');
});

it('tries again when the API refuses to let a run go', async () => {
  rig.api.failNext({ status: 503, reason: 'ServiceUnavailable', method: 'PATCH', path: 'pipelineruns' });
  await rig.deliver(pullRequestPayload({ number: 1 }));
  await eventually(phases).toEqual({ live: 1 });
});

it('goes on with other runs while the API stumbles over one', async () => {
  const bad = { status: 500, reason: 'InternalError', method: 'PATCH', path: 'stack-pr-1-' };
  for (let count = 0; count < 100; count += 1) rig.api.failNext(bad);
  const refused = { status: 403, reason: 'Forbidden', method: 'PATCH', path: 'stack-pr-2-' };
  for (let count = 0; count < 100; count += 1) rig.api.failNext(refused);
  for (const number of [1, 2, 3]) await rig.deliver(pullRequestPayload({ number }));
  await eventually(phases).toEqual({ live: 1, pending: 2 });
  const live = (await rig.runs()).filter((run) => phaseOf(run) === 'live');
  expect(live[0]?.metadata.name).toMatch(/^stack-pr-3-/);
});

it('keeps the history of runs with their outcome, newest first', async () => {
  const { pipelinerun = '' } = await rig.deliver(pullRequestPayload({ number: 1 }), { id: 'd-1' });
  await eventually(history).toMatchObject([
    { name: pipelinerun, state: 'running', team: 'default', pull_request: 1 },
  ]);
  await rig.endRun(pipelinerun, 'True', 'Completed');
  await eventually(history).toMatchObject([
    { state: 'succeeded', status: 'Completed', pipeline: 'stack-pr-test' },
  ]);
  rig.api.remove(RUNS_PATH, pipelinerun);
  await eventually(() => rig.runs()).toEqual([]);
  expect(await history()).toMatchObject([{ state: 'succeeded' }]);
});

it('records a run that was deleted before it ended, also when nobody watched', async () => {
  const one = await rig.deliver(pullRequestPayload({ number: 1 }));
  await eventually(history).toMatchObject([{ state: 'running' }]);
  rig.api.remove(RUNS_PATH, one.pipelinerun ?? '');
  await eventually(history).toMatchObject([{ state: 'cancelled', status: 'Deleted' }]);
});

describe('namespaces', () => {
  const OTHER_TEAM = `
name: other
namespace: other-runs
imageRegistry: registry.example.com/other
stacks: [stacks/stack-one.yaml]
gitUrl: https://github.com/acme/platform
`;
  const otherRuns = async (): Promise<readonly string[]> =>
    (await pipelineRunsIn(rig.client, 'other-runs').list()).items.map(phaseOf);

  it('that cannot be listed hold up nobody but their own teams', async () => {
    await using two = await startRig({
      files: { 'teams/other/team.yaml': OTHER_TEAM },
      beforeStart: (api) => {
        const refusal = { status: 403, reason: 'Forbidden', method: 'GET', path: 'other-runs/pipelineruns' };
        for (let count = 0; count < 1_000; count += 1) api.failNext(refusal);
      },
    });
    const { pipelinerun } = await two.deliver(pullRequestPayload({ number: 1 }));
    await eventually(async () =>
      (await two.runs()).filter((run) => phaseOf(run) === 'live').map(({ metadata }) => metadata.name),
    ).toEqual([pipelinerun]);
  });

  it('of teams that come with a reload are watched from then on', async () => {
    await mkdir(join(rig.env['TEKTON_DAG_PLATFORM_DIR'] ?? '', 'teams/other'));
    await writeFile(join(rig.env['TEKTON_DAG_PLATFORM_DIR'] ?? '', 'teams/other/team.yaml'), OTHER_TEAM);
    expect((await rig.call('POST', '/api/reload')).status).toBe(200);
    const { runs } = await rig.deliver(pullRequestPayload({ number: 1 }));
    expect(runs).toHaveLength(2);
    await eventually(otherRuns).toEqual(['live']);
    await eventually(history).toHaveLength(2);
  });
});
