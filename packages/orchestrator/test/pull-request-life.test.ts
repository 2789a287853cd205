/** The life of a pull request: pushes overtake each other, closing cancels and cleans, merging releases. */

import { kinds } from '@tekton-dag/kube';
import { renderContinuedRun, sessionOf } from '@tekton-dag/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { pipelineRunsIn } from '../src/runs/pipeline-runs.ts';
import { phaseOf } from '../src/runs/run-phase.ts';
import { pullRequestPayload } from '../src/testing/index.ts';
import { startRig, type Rig } from './orchestrator-rig.ts';

let rig: Rig;
let nextPullRequest = 200;

beforeAll(async () => {
  rig = await startRig();
});
afterAll(async () => rig[Symbol.asyncDispose]());

const freshNumber = (): number => nextPullRequest++;
const sha = (digit: string): string => digit.repeat(40);

async function statusOf(name: string | undefined): Promise<string | undefined> {
  const run = (await rig.runs()).find(({ metadata }) => metadata.name === name);
  return run === undefined ? 'absent' : `${phaseOf(run)} ${run.spec.status ?? ''}`.trim();
}

async function openPullRequest(number: number): Promise<string> {
  const { pipelinerun = '' } = await rig.deliver(pullRequestPayload({ number, headSha: sha('a') }));
  await eventually(() => statusOf(pipelinerun)).toBe('live');
  return pipelinerun;
}

/** As `run rerun` does. */
async function continueRun(name: string): Promise<string> {
  const failed = (await rig.runs()).find(({ metadata }) => metadata.name === name);
  const rendered = failed === undefined ? undefined : renderContinuedRun(failed, { attempt: 1 });
  if (rendered?.ok !== true) throw new Error(`run ${name} cannot be continued`);
  const { namespace = '', name: continued = '' } = rendered.value.metadata;
  await pipelineRunsIn(rig.client, namespace).create(rendered.value);
  return continued;
}

describe('a push', () => {
  it('cancels the run of the commit before, with its finally tasks, and waits for it before its own run starts', async () => {
    const number = freshNumber();
    const older = await openPullRequest(number);
    const { pipelinerun: newer } = await rig.deliver(
      pullRequestPayload({
        action: 'synchronize',
        number,
        headSha: sha('b'),
        updatedAt: '2026-01-02T04:00:00Z',
      }),
    );
    await eventually(() => statusOf(older)).toBe('live CancelledRunFinally');
    await eventually(() => statusOf(newer)).toBe('pending PipelineRunPending');
    await rig.endRun(older, 'False', 'Cancelled');
    await eventually(() => statusOf(newer)).toBe('live');
    await rig.endRun(newer ?? '', 'True', 'Succeeded');
  });

  it('cancels the run that continues a failed one, too', async () => {
    const number = freshNumber();
    const failed = await openPullRequest(number);
    await rig.endRun(failed, 'False', 'Failed');
    const continued = await continueRun(failed);
    const { pipelinerun: newer = '' } = await rig.deliver(
      pullRequestPayload({
        action: 'synchronize',
        number,
        headSha: sha('b'),
        updatedAt: '2026-01-02T04:00:00Z',
      }),
    );
    await eventually(() => statusOf(continued)).toBe('live CancelledRunFinally');
    expect(await statusOf(newer)).toBe('pending PipelineRunPending');
    await rig.endRun(continued, 'False', 'Cancelled');
    await eventually(() => statusOf(newer)).toBe('live');
    await rig.endRun(newer, 'True', 'Succeeded');
  });

  it('that arrives late, after a newer one, gets no run', async () => {
    const number = freshNumber();
    const newer = await rig.deliver(
      pullRequestPayload({
        action: 'synchronize',
        number,
        headSha: sha('c'),
        updatedAt: '2026-01-02T05:00:00Z',
      }),
    );
    await eventually(() => statusOf(newer.pipelinerun)).toBe('live');
    const late = await rig.deliver(
      pullRequestPayload({
        action: 'synchronize',
        number,
        headSha: sha('b'),
        updatedAt: '2026-01-02T04:00:00Z',
      }),
      { id: `late-${number}` },
    );
    expect(late.status).toBe('accepted');
    const later = await rig.deliver(pullRequestPayload({ number: freshNumber() }));
    await eventually(() => statusOf(later.pipelinerun)).not.toBe('absent');
    expect(await statusOf(late.pipelinerun)).toBe('absent');
    expect(await statusOf(newer.pipelinerun)).toBe('live');
    await rig.endRun(newer.pipelinerun ?? '', 'True', 'Succeeded');
    await rig.endRun(later.pipelinerun ?? '', 'True', 'Succeeded');
  });

  it('back to a commit that was tested before gets a run of its own', async () => {
    const number = freshNumber();
    const first = await openPullRequest(number);
    const back = await rig.deliver(
      pullRequestPayload({
        action: 'synchronize',
        number,
        headSha: sha('a'),
        updatedAt: '2026-01-02T06:00:00Z',
      }),
    );
    expect(back.pipelinerun).not.toBe(first);
    await eventually(() => statusOf(first)).toBe('live CancelledRunFinally');
    await rig.endRun(first, 'False', 'Cancelled');
    await eventually(() => statusOf(back.pipelinerun)).toBe('live');
    await rig.endRun(back.pipelinerun ?? '', 'True', 'Succeeded');
  });
});

describe('closing without a merge', () => {
  it('cancels the run, waits until it has stopped, and then deletes what it left and nothing else', async () => {
    const number = freshNumber();
    const run = await openPullRequest(number);
    const session = sessionOf({
      host: 'github.com',
      repository: 'acme/demo-api',
      pullRequest: number,
      team: 'default',
      stack: 'stack-one',
    });
    const label = (name: string, value: string) => ({
      metadata: {
        name,
        namespace: 'staging',
        labels: { 'app.kubernetes.io/managed-by': 'tekton-dag', 'tekton-dag.io/session': value },
      },
    });
    for (const value of [session, 'pr-9-other1']) {
      await rig.client.resource(kinds.deployments, 'staging').create(label(`demo-api-${value}`, value));
      await rig.client.resource(kinds.services, 'staging').create(label(`demo-api-${value}`, value));
      await rig.client.resource(kinds.httproutes, 'staging').create(label(`demo-api-${value}`, value));
    }
    const answer = await rig.deliver(
      pullRequestPayload({ action: 'closed', number, updatedAt: '2026-01-02T07:00:00Z' }),
    );
    expect(answer).toMatchObject({ code: 202, status: 'accepted', mode: 'close', runs: [] });
    await eventually(() => statusOf(run)).toBe('live CancelledRunFinally');
    expect(await leftovers()).toHaveLength(6);
    await rig.endRun(run, 'False', 'Cancelled');
    await eventually(leftovers).toEqual(Array(3).fill('demo-api-pr-9-other1'));
  });

  it('leaves a push that arrives after it without a run', async () => {
    const number = freshNumber();
    await rig.deliver(pullRequestPayload({ action: 'closed', number, updatedAt: '2026-01-02T07:00:00Z' }));
    const push = { action: 'synchronize', number, headSha: sha('b'), updatedAt: '2026-01-02T06:00:00Z' };
    const late = await rig.deliver(pullRequestPayload(push), { id: `late-push-${number}` });
    const read = async (): Promise<unknown> => {
      const answer = await rig.call('GET', `/api/deliveries/github.com/${late.delivery}`);
      const found: { readonly outcome?: unknown } = JSON.parse(await answer.text());
      return found.outcome;
    };
    await eventually(read).toMatchObject({ kind: 'skipped', reason: 'superseded' });
    expect(await statusOf(late.pipelinerun)).toBe('absent');
  });

  it('ends a run that never began without its finally tasks', async () => {
    const running = [await openPullRequest(freshNumber()), await openPullRequest(freshNumber())];
    const number = freshNumber();
    const waiting = await rig.deliver(pullRequestPayload({ number }));
    await eventually(() => statusOf(waiting.pipelinerun)).toBe('pending PipelineRunPending');
    await rig.deliver(pullRequestPayload({ action: 'closed', number, updatedAt: '2026-01-02T07:00:00Z' }));
    await eventually(() => statusOf(waiting.pipelinerun)).toBe('live Cancelled');
    for (const name of [...running, waiting.pipelinerun ?? '']) await rig.endRun(name, 'False', 'Cancelled');
  });
});

describe('a run that ends without its finally tasks', () => {
  const leave = async (run: string): Promise<void> => {
    const labels = {
      'app.kubernetes.io/managed-by': 'tekton-dag',
      'tekton-dag.io/session': 'pr-1-swept1',
      'tekton-dag.io/run': run,
    };
    const object = { metadata: { name: `swept-${run}`, namespace: 'staging', labels } };
    for (const kind of [kinds.deployments, kinds.services, kinds.httproutes])
      await rig.client.resource({ ...kind }, 'staging').create(object);
  };
  const leftBy = async (run: string): Promise<number> =>
    (await leftovers()).filter((name) => name === `swept-${run}`).length;

  it('because it was cancelled at once leaves nothing', async () => {
    const [run, other] = [await openPullRequest(freshNumber()), await openPullRequest(freshNumber())];
    for (const name of [run, other]) await leave(name);
    await pipelineRunsIn(rig.client, 'tekton-pipelines').patch(
      run,
      { spec: { status: 'Cancelled' } },
      { type: 'merge' },
    );
    await rig.endRun(run, 'False', 'Cancelled');
    await eventually(() => leftBy(run)).toBe(0);
    expect(await leftBy(other)).toBe(3);
    await rig.endRun(other, 'True', 'Succeeded');
  });

  it('because it was deleted leaves nothing', async () => {
    const run = await openPullRequest(freshNumber());
    await leave(run);
    await pipelineRunsIn(rig.client, 'tekton-pipelines').delete(run);
    await eventually(() => leftBy(run)).toBe(0);
  });
});

describe('merging', () => {
  it('makes a release run of the merge commit and cancels the test run', async () => {
    const number = freshNumber();
    const test = await openPullRequest(number);
    const merged = pullRequestPayload({
      action: 'closed',
      number,
      merged: true,
      mergeSha: sha('d'),
      updatedAt: '2026-01-02T08:00:00Z',
    });
    const answer = await rig.deliver(merged);
    expect(answer).toMatchObject({ status: 'accepted', mode: 'merge' });
    expect(answer.pipelinerun).toMatch(new RegExp(`^stack-merge-${number}-`));
    await eventually(() => statusOf(test)).toBe('live CancelledRunFinally');
    await eventually(() => statusOf(answer.pipelinerun)).toBe('live');
    const release = (await rig.runs()).find(({ metadata }) => metadata.name === answer.pipelinerun);
    expect(release?.spec.pipelineRef).toEqual({ name: 'stack-merge-release' });
    expect(release?.spec.params).toContainEqual({
      name: 'app-revisions',
      value: `{"demo-api":"${sha('d')}"}`,
    });
    expect(release?.spec.params?.map(({ name }) => name)).not.toContain('intercept-backend');
    await rig.endRun(test, 'False', 'Cancelled');
    await rig.endRun(answer.pipelinerun ?? '', 'True', 'Completed');
  });

  it('of a fork releases what a maintainer has merged', async () => {
    const fields = { action: 'closed', merged: true, mergeSha: sha('e'), headRepository: 'mallory/demo-api' };
    const answer = await rig.deliver(pullRequestPayload({ number: freshNumber(), ...fields }));
    expect(answer).toMatchObject({ status: 'accepted', mode: 'merge' });
    await eventually(() => statusOf(answer.pipelinerun)).toBe('live');
    await rig.endRun(answer.pipelinerun ?? '', 'True', 'Succeeded');
  });

  it('into another branch releases nothing', async () => {
    const fields = { action: 'closed', merged: true, mergeSha: sha('f'), baseRef: 'topic' };
    const answer = await rig.deliver(pullRequestPayload({ number: freshNumber(), ...fields }));
    expect(answer).toMatchObject({ status: 'ignored', reason: 'base-branch' });
  });
});

async function leftovers(): Promise<readonly string[]> {
  const lists = await Promise.all([
    rig.client.resource(kinds.deployments, 'staging').list(),
    rig.client.resource(kinds.services, 'staging').list(),
    rig.client.resource(kinds.httproutes, 'staging').list(),
  ]);
  return lists.flatMap(({ items }) => items.map(({ metadata }) => metadata?.name ?? ''));
}
