/** Two replicas on one database: one of them admits, and when it is killed the other takes over without going over the limit. */

import { createKubeClient, kinds, type KubeClient } from '@tekton-dag/kube';
import { startFakeApiServer } from '@tekton-dag/kube/testing';
import { findPostgres, startPostgres } from '@tekton-dag/store/testing';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { pipelineRunsIn } from '../src/runs/pipeline-runs.ts';
import { phaseOf, type RunPhase } from '../src/runs/run-phase.ts';
import { createRunWatch } from '../src/runs/watch-runs.ts';
import { pullRequestPayload, signDelivery } from '../src/testing/index.ts';
import { NAMESPACE, preparePlatform, WEBHOOK_SECRET } from './chaos/prepare-platform.ts';
import { startProgram, type Program } from './chaos/start-program.ts';

const SERVE = new URL('../../cli/bin/tekton-dag.js', import.meta.url);
const LIMIT = 3;
const RUNS = 12;
const TEAM = `
name: default
namespace: ${NAMESPACE}
imageRegistry: registry.example.com/acme
maxConcurrentRuns: ${LIMIT}
stacks: [stacks/stack-one.yaml]
gitUrl: https://github.com/acme/platform
`;

/** Counts by phase at each change, as anybody who watches sees it. */
function countLive(client: KubeClient): AsyncDisposable & { readonly most: number } {
  const watch = createRunWatch({ client, onError: () => {} });
  let most = 0;
  watch.on(() => {
    const live = watch.itemsIn(NAMESPACE).filter((run) => phaseOf(run) === 'live').length;
    most = Math.max(most, live);
  });
  watch.follow(new Map([[NAMESPACE, new Set(['default'])]]));
  return {
    get most() {
      return most;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(watch[Symbol.asyncDispose]()),
  };
}

async function namesIn(client: KubeClient, phase: RunPhase): Promise<readonly string[]> {
  const { items } = await pipelineRunsIn(client, NAMESPACE).list();
  return items.filter((run) => phaseOf(run) === phase).map(({ metadata: { name = '' } }) => name);
}

async function endRuns(client: KubeClient, names: readonly string[]): Promise<void> {
  const conditions = [{ type: 'Succeeded', status: 'True', reason: 'Succeeded' }];
  const status = { conditions, completionTime: new Date().toISOString() };
  for (const name of names) {
    await pipelineRunsIn(client, NAMESPACE).patch(name, { status }, { type: 'merge' });
  }
}

async function holderOf(client: KubeClient): Promise<string | undefined> {
  const lease = await client.resource(kinds.leases, 'default').get('tekton-dag-orchestrator');
  return lease?.spec?.holderIdentity;
}

async function deliver(replica: Program, number: number): Promise<void> {
  const payload = pullRequestPayload({ number });
  const { headers, body } = signDelivery(payload, { secret: WEBHOOK_SECRET, id: `d-${number}` });
  const url = `${replica.url}/webhook/github`;
  const answer = await fetch(url, { method: 'POST', headers, body: new Uint8Array(body) });
  expect(answer.status).toBe(202);
}

it.skipIf(findPostgres() === undefined)(
  'admits on one replica, and on the other when that is killed, never above the limit',
  { timeout: 300_000 },
  async () => {
    await using postgres = await startPostgres();
    await using api = await startFakeApiServer();
    await using client = createKubeClient(api.config);
    await using platform = await preparePlatform(api.url);
    await writeFile(join(platform.directory, 'teams/default/team.yaml'), TEAM);
    const store = await postgres.createDatabase('replicas');
    const start = (instance: string): Promise<Program> =>
      startProgram({
        file: SERVE,
        args: ['serve'],
        env: {
          ...platform.env,
          TEKTON_DAG_STORE_URL: store,
          TEKTON_DAG_INSTANCE: instance,
          TEKTON_DAG_LEASE_SECONDS: '5',
        },
      });
    await using one = await start('one');
    await using two = await start('two');
    const replicas = new Map([
      ['one', one],
      ['two', two],
    ]);
    await using counted = countLive(client);
    await Promise.all(
      Array.from({ length: RUNS }, (_, index) => deliver(index % 2 === 0 ? one : two, index + 1)),
    );
    await eventually(async () => (await namesIn(client, 'live')).length).toBe(LIMIT);
    await eventually(async () => (await namesIn(client, 'pending')).length).toBe(RUNS - LIMIT);

    const first = (await holderOf(client)) ?? '';
    await Promise.all([replicas.get(first)?.kill(), endRuns(client, await namesIn(client, 'live'))]);
    const other = first === 'one' ? 'two' : 'one';
    await eventually(() => holderOf(client)).toBe(other);
    await eventually(async () => {
      await endRuns(client, await namesIn(client, 'live'));
      return (await namesIn(client, 'finished')).length;
    }).toBe(RUNS);
    expect(counted.most).toBe(LIMIT);
  },
);
