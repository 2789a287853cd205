/**
 * runChaos: deliveries while everything around them dies. The sender does as GitHub with gap-fill does: what got no answer
 * of success is sent again, under the same id. Afterwards the cluster holds one run for each change, or it does not.
 */

import { createKubeClient } from '@tekton-dag/kube';
import { openStore } from '@tekton-dag/store';
import { setTimeout as sleep } from 'node:timers/promises';
import { pipelineRunsIn } from '../../src/runs/pipeline-runs.ts';
import { pullRequestPayload, signDelivery } from '../../src/testing/index.ts';
import { preparePlatform, NAMESPACE, WEBHOOK_SECRET } from './prepare-platform.ts';
import { startCutOff, type CutOff } from './start-cut-off.ts';
import { startProgram } from './start-program.ts';
import { startReplica, type Replica } from './start-replica.ts';

export interface ChaosPlan {
  readonly deliveries: number;
  /** More than one needs `database`. */
  readonly replicas: 1 | 2;
  /** Each kill is this long after the one before was over; replicas take turns. */
  readonly killEveryMs: number;
  /** The sending lasts until so many kills and all deliveries are done. */
  readonly kills: number;
  /** How long the Kubernetes API is away. */
  readonly outageMs: number;
  /** Absent: SQLite. */
  readonly database?: { readonly url: string; restart(): Promise<void> };
}

export interface ChaosResult {
  readonly deliveries: number;
  readonly kills: number;
  /** Attempts that got no answer of success. */
  readonly failedAttempts: number;
  readonly runs: number;
  /** Changes without a run. */
  readonly lost: readonly number[];
  /** Names of runs beyond the first of their change, or of no change at all. */
  readonly extra: readonly string[];
  /** Runs whose name is not the one that was answered. */
  readonly misnamed: readonly string[];
  readonly durationMs: number;
}

const SENDERS = 16;
const RETRY_MS = 100;
const REQUEST_TIMEOUT_MS = 10_000;
/** Every so manieth delivery is sent again after its success. */
const REDELIVER_EVERY = 10;
const SETTLE_DEADLINE_MS = 300_000;
const POLL_MS = 250;

/** Rejects when what was promised is not done in five minutes after the last delivery. */
export async function runChaos(plan: ChaosPlan): Promise<ChaosResult> {
  const startedAt = performance.now();
  await using api = await startProgram({ file: new URL('../api-fixture.ts', import.meta.url) });
  await using cutOff = await startCutOff(api.url);
  await using platform = await preparePlatform(cutOff.url);
  const storeUrl = plan.database?.url ?? platform.env['TEKTON_DAG_STORE_URL'] ?? '';
  await using replicas = new AsyncDisposableStack();
  const all: Replica[] = [];
  for (let index = 1; index <= plan.replicas; index++) {
    const own = { TEKTON_DAG_STORE_URL: storeUrl, TEKTON_DAG_INSTANCE: `replica-${index}` };
    all.push(replicas.use(await startReplica({ ...platform.env, ...own })));
  }
  const troubles = makeTrouble(plan, all, cutOff);
  const sent = await sendAll(plan, all, troubles);
  await troubles;
  const names = await settle(api.url, storeUrl, plan.deliveries);
  return {
    deliveries: plan.deliveries,
    kills: plan.kills,
    failedAttempts: sent.failedAttempts,
    durationMs: Math.round(performance.now() - startedAt),
    ...judge(names, sent.runs),
  };
}

/** Kills all the time; in the middle of it the API goes away and the database is restarted. */
async function makeTrouble(plan: ChaosPlan, replicas: readonly Replica[], cutOff: CutOff): Promise<void> {
  const middle = Math.floor(plan.kills / 3);
  let others: readonly Promise<void>[] = [];
  for (let kill = 0; kill < plan.kills; kill++) {
    await sleep(plan.killEveryMs);
    if (kill === middle)
      others = [takeAway(cutOff, plan.outageMs), plan.database?.restart() ?? Promise.resolve()];
    await replicas[kill % replicas.length]?.killAndRestart();
  }
  await Promise.all(others);
}

async function takeAway(cutOff: CutOff, outageMs: number): Promise<void> {
  cutOff.goAway();
  await sleep(outageMs);
  cutOff.comeBack();
}

interface Sent {
  failedAttempts: number;
  /** Name of the run that was answered, by change. */
  readonly runs: Map<number, string>;
}

/** Spread over the time of the troubles, which is not known beforehand: a change is sent when its share of the kills is over. */
async function sendAll(
  plan: ChaosPlan,
  replicas: readonly Replica[],
  troubles: Promise<void>,
): Promise<Sent> {
  const sent: Sent = { failedAttempts: 0, runs: new Map() };
  const paceMs = (plan.kills * plan.killEveryMs * SENDERS) / plan.deliveries;
  let isOver = false;
  void troubles.finally(() => {
    isOver = true;
  });
  let next = 1;
  const sendOwn = async (): Promise<void> => {
    while (next <= plan.deliveries) {
      const change = next++;
      await deliver(change, replicas, sent);
      if (change % REDELIVER_EVERY === 0) await deliver(change, replicas, sent);
      if (!isOver) await sleep(paceMs);
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sendOwn));
  return sent;
}

/** Sends until it is taken. */
async function deliver(change: number, replicas: readonly Replica[], sent: Sent): Promise<void> {
  const delivery = signDelivery(pullRequestPayload({ number: change }), {
    secret: WEBHOOK_SECRET,
    id: `change-${change}`,
  });
  for (let attempt = change; ; attempt++) {
    const url = replicas[attempt % replicas.length]?.url;
    const run = url === undefined ? undefined : await send(url, delivery);
    if (run !== undefined) return void sent.runs.set(change, run);
    sent.failedAttempts += 1;
    await sleep(RETRY_MS);
  }
}

/** Name of the run; undefined when there was no answer of success. */
async function send(
  url: string,
  { headers, body }: ReturnType<typeof signDelivery>,
): Promise<string | undefined> {
  try {
    const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    const response = await fetch(`${url}/webhook/github`, {
      method: 'POST',
      headers,
      body: new Uint8Array(body),
      signal,
    });
    const answer: { readonly pipelinerun?: string } = JSON.parse(await response.text());
    return response.ok ? answer.pipelinerun : undefined;
  } catch {
    return undefined;
  }
}

/** Names of all runs, once no delivery waits any more. */
async function settle(apiUrl: string, storeUrl: string, atLeast: number): Promise<readonly string[]> {
  await using store = await openStore({ url: storeUrl });
  const client = createKubeClient({
    server: apiUrl,
    namespace: NAMESPACE,
    contextName: 'chaos',
    insecureSkipTlsVerify: false,
    credentials: {},
    source: 'chaos',
  });
  const deadline = performance.now() + SETTLE_DEADLINE_MS;
  let depth = atLeast;
  while (depth > 0) {
    if (performance.now() > deadline) throw new Error(`${depth} deliveries still wait`);
    await sleep(POLL_MS);
    ({ depth } = await store.deliveries.queueDepth());
  }
  const { items } = await pipelineRunsIn(client, NAMESPACE).list();
  await client.close();
  return items.map(({ metadata }) => metadata.name ?? '');
}

function judge(
  names: readonly string[],
  answered: ReadonlyMap<number, string>,
): Pick<ChaosResult, 'runs' | 'lost' | 'extra' | 'misnamed'> {
  const byChange = Map.groupBy(names, (name) => Number(/^stack-pr-(\d+)-/.exec(name)?.[1] ?? Number.NaN));
  const changes = [...answered.keys()];
  const extra = [...byChange].flatMap(([change, [first = '', ...rest]]) =>
    answered.has(change) ? rest : [first, ...rest],
  );
  const misnamed = changes.flatMap((change) => {
    const [first] = byChange.get(change) ?? [];
    return first === undefined || first === answered.get(change) ? [] : [first];
  });
  const lost = changes.filter((change) => !byChange.has(change));
  return { runs: names.length, lost, extra, misnamed };
}
