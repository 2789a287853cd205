/** A stored delivery is taken through the code once more. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { startRig, type Rig } from './orchestrator-rig.ts';
import { pullRequestPayload } from '../src/testing/index.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(async () => rig[Symbol.asyncDispose]());

interface ReplayAnswer {
  readonly delivery: string;
  readonly runs: readonly string[];
  readonly status: string;
  readonly reason: string | null;
}

async function replay(id: string, body: object = {}): Promise<ReplayAnswer> {
  const response = await rig.call('POST', `/api/deliveries/github.com/${id}/replay`, body);
  expect(response.status).toBe(200);
  const answer: ReplayAnswer = JSON.parse(await response.text());
  return answer;
}

const stateOf = async (id: string): Promise<unknown> => {
  const response = await rig.call('GET', `/api/deliveries/github.com/${id}`);
  const body: { readonly state?: unknown } = JSON.parse(await response.text());
  return body.state;
};
const names = async (): Promise<readonly string[]> =>
  (await rig.runs()).map(({ metadata }) => metadata.name ?? '');

it('makes no run that exists already, and another one when it is forced', async () => {
  const { runs = [] } = await rig.deliver(pullRequestPayload({ number: 1 }), { id: 'first' });
  await eventually(() => stateOf('first')).toBe('done');
  const again = await replay('first');
  expect(again).toMatchObject({ delivery: 'first~replay-1', runs });
  await eventually(() => stateOf('first~replay-1')).toBe('done');
  expect(await names()).toEqual(runs);
  const forced = await replay('first~replay-1', { force: true });
  expect(forced.delivery).toBe('first~replay-2');
  expect(forced.runs).not.toEqual(runs);
  await eventually(names).toContain(forced.runs[0]);
});

it('decides anew by the teams and stacks of now', async () => {
  const ignored = await rig.deliver(pullRequestPayload({ number: 2, baseRef: 'next' }), { id: 'early' });
  expect(ignored).toMatchObject({ status: 'ignored', reason: 'base-branch' });
  await eventually(() => stateOf('early')).toBe('done');
  const directory = join(rig.env['TEKTON_DAG_PLATFORM_DIR'] ?? '', 'teams/default');
  await mkdir(directory, { recursive: true });
  await writeFile(
    join(directory, 'team.yaml'),
    `
name: default
namespace: tekton-pipelines
imageRegistry: registry.example.com/acme
stacks: [stacks/stack-one.yaml]
gitUrl: https://github.com/acme/platform
baseBranches: [main, next]
`,
  );
  await rig.call('POST', '/api/reload');
  const { runs } = await replay('early');
  expect(runs).toHaveLength(1);
  await eventually(names).toContain(runs[0]);
});

it('cannot be done with what is unknown, nor from outside by a name that looks like a replay', async () => {
  const unknown = await rig.call('POST', '/api/deliveries/github.com/never-seen/replay', {});
  expect(unknown.status).toBe(404);
  expect(await rig.deliver(pullRequestPayload({ number: 3 }), { id: 'x~replay-1' })).toMatchObject({
    code: 400,
  });
});
