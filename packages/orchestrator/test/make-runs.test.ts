/** Runs that the cluster refuses: for how long somebody may mend it, and what is said then. */

import { pipelineRunsIn } from '../src/runs/pipeline-runs.ts';
import { createKubeClient, type KubeClient } from '@tekton-dag/kube';
import { startFakeApiServer, type FakeApiServer } from '@tekton-dag/kube/testing';
import { parseTeam } from '@tekton-dag/model';
import { openTemporaryStore, type TemporaryStore } from '@tekton-dag/store/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildRouteTable } from '../src/routing/route-table.ts';
import { makeRuns, type WantedRun } from '../src/runs/make-runs.ts';
import type { RunContext } from '../src/runs/run-context.ts';

const SOON = 60_000;
const TEAM = `
name: default
namespace: runs
imageRegistry: registry.example.com/acme
stacks: [stacks/shop.yaml]
gitUrl: https://github.com/acme/platform
`;

let api: FakeApiServer;
let client: KubeClient;
let temporary: TemporaryStore;
let created: string[];

beforeEach(async () => {
  api = await startFakeApiServer();
  client = createKubeClient(api.config);
  temporary = await openTemporaryStore();
  created = [];
});
afterEach(async () => {
  await client.close();
  await api[Symbol.asyncDispose]();
  await temporary[Symbol.asyncDispose]();
});

function context(): RunContext {
  const team = parseTeam(TEAM, 'team.yaml');
  if (!team.ok) throw new Error(JSON.stringify(team.error));
  const teams = new Map([['default', team.value]]);
  const snapshot = {
    teams,
    stacks: new Map(),
    routes: buildRouteTable([], new Map()),
  };
  return {
    client,
    store: temporary.store,
    forges: { clientFor: () => undefined, kindOf: () => undefined },
    snapshot: () => snapshot,
    defaults: { defaultNamespace: 'staging', tektonDagImage: undefined, catalog: undefined },
    onRunCreated: ({ name }) => created.push(name),
  };
}

function wanted(name: string, team = 'default'): WantedRun {
  const target = {
    team,
    namespace: 'runs',
    stack: 'shop',
    stackFile: 'stacks/shop.yaml',
    apps: ['web'],
    session: 's',
  };
  return {
    target,
    name,
    mode: 'pr',
    stack: 'shop',
    session: 's',
    apps: ['web'],
    appRevisions: {},
    trusted: true,
    dependsOn: [],
    pullRequest: 1,
    host: 'github.com',
    repository: 'acme/web',
    sha: 'a'.repeat(40),
    attempt: 1,
  };
}

it.each([
  [403, 'Forbidden'],
  [404, 'NotFound'],
])('waits for somebody to mend a %i, and gives up after a while', async (status, reason) => {
  const refusal = { status, reason, method: 'POST' };
  api.failNext(refusal);
  await expect(makeRuns(context(), [wanted('one')], Date.now() + SOON)).rejects.toMatchObject({ reason });
  api.failNext(refusal);
  expect(await makeRuns(context(), [wanted('one')], Date.now())).toEqual({
    runs: [],
    skipped: [{ team: 'default', stack: 'shop', reason: 'forbidden', detail: `refused: ${reason}` }],
  });
});

it('makes the runs of other targets before it comes again for the one that was refused', async () => {
  api.failNext({ status: 503, reason: 'ServiceUnavailable', method: 'POST' });
  const both = [wanted('one'), wanted('two')];
  await expect(makeRuns(context(), both, 0)).rejects.toMatchObject({ reason: 'ServiceUnavailable' });
  expect(created).toEqual(['two']);
  const { runs } = await makeRuns(context(), both, 0);
  expect(runs.map(({ name }) => name)).toEqual(['one', 'two']);
  expect(created).toEqual(['two', 'one']);
});

it('makes runs that fetch the catalog of the settings, and no others', async () => {
  const catalog = { url: 'https://github.com/acme/tekton-dag', revision: 'c'.repeat(40) };
  const pinned = { ...context(), defaults: { ...context().defaults, catalog } };
  await makeRuns(pinned, [wanted('pinned')], 0);
  await makeRuns(context(), [wanted('installed')], 0);
  const { items } = await pipelineRunsIn(client, 'runs').list();
  const refs = items.map(({ metadata, spec }) => [metadata.name, spec.pipelineRef]);
  const params = [
    { name: 'url', value: catalog.url },
    { name: 'revision', value: catalog.revision },
    { name: 'pathInRepo', value: 'pipeline/pinned/stack-pr-test.yaml' },
  ];
  expect(Object.fromEntries(refs)).toEqual({
    pinned: { resolver: 'git', params },
    installed: { name: 'stack-pr-test' },
  });
});

it('waits for a team that is not loaded, which may be a broken file', async () => {
  const gone = [wanted('one', 'gone')];
  await expect(makeRuns(context(), gone, Date.now() + SOON)).rejects.toThrow('team gone is not loaded');
  expect(await makeRuns(context(), gone, 0)).toMatchObject({
    skipped: [{ detail: 'team gone is not loaded' }],
  });
});
