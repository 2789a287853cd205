/** One intercept per app at a time: a lease that a run holds from here to its cleanup (coordination.k8s.io/v1). */
import { setTimeout as delay } from 'node:timers/promises';
import { LABEL, RUN_RECORD_KEYS, type Waiting } from '@tekton-dag/model';
import { isRefusal, kinds, type KubeClient, type Lease } from '@tekton-dag/kube';
import { appLabels } from '../deploy-baseline/object-labels.ts';
import { removeIntercepts } from '../cleanup/remove-intercepts.ts';
import type { InterceptRoom } from '../deploy-intercepts/intercept-room.ts';
import { pipelineRuns } from '../kubernetes/run-kinds.ts';
import { removeRunRecordPart, writeRunRecord, type RunIdentity } from '../kubernetes/run-record.ts';
import { say } from '../say.ts';
import { StepFailure } from '../step-failure.ts';
import { sessionOfPlan } from '../traffic/session-headers.ts';
import { holderIdentityOf, judgeHolder, parseHolder } from './judge-holder.ts';

const POLL_INTERVAL_MS = 1_000;

export interface LeaseRequest {
  readonly app: string;
  readonly timeoutMs: number;
}

const leaseName = (app: string): string => `tekton-dag-intercept-${app}`;

const renderLease = ({ plan, run }: InterceptRoom, app: string): Lease => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: {
    name: leaseName(app),
    namespace: plan.namespaces[app] ?? '',
    labels: { ...appLabels(plan, app, run.name), [LABEL.session]: sessionOfPlan(plan) },
  },
  spec: { holderIdentity: holderIdentityOf(run), acquireTime: new Date().toISOString().replace('Z', '000Z') },
});

/** True when the API took it; false when somebody else was faster. */
const tryWrite = async (write: () => Promise<unknown>): Promise<boolean> => {
  try {
    await write();
    return true;
  } catch (error) {
    if (isRefusal(error, 'AlreadyExists') || isRefusal(error, 'Conflict') || isRefusal(error, 'NotFound'))
      return false;
    throw error;
  }
};

/** What a run left behind whose cleanup never came; its lease says where. */
const removeLeftovers = async (
  room: InterceptRoom,
  holder: RunIdentity,
  namespace: string,
): Promise<void> => {
  const { context, client } = room;
  const removed = await removeIntercepts(client, { run: holder.name, namespace, signal: context.signal });
  for (const what of removed) say(context, `deleted ${what}, left by run ${holder.name}`);
};

/** Only this very version is taken: of two runs that wait one gets it. */
const takeOver = async (room: InterceptRoom, wanted: Lease, present: Lease): Promise<boolean> => {
  const { resourceVersion = '' } = present.metadata ?? {};
  const taken = { ...wanted, metadata: { ...wanted.metadata, resourceVersion } };
  const leases = room.client.resource(kinds.leases, wanted.metadata?.namespace);
  return await tryWrite(async () => await leases.replace(taken));
};

/** A run of another namespace that may not be looked at counts as busy: nobody's intercept is taken by guess. */
const judgeRun = async (client: KubeClient, { namespace, name }: RunIdentity): Promise<'busy' | 'free'> => {
  try {
    return judgeHolder(await client.resource(pipelineRuns, namespace).get(name));
  } catch (error) {
    if (isRefusal(error, 'Forbidden')) return 'busy';
    throw error;
  }
};

/** The run that holds the lease and still needs it; a run that is over has left nothing when this returns undefined. */
const findBusyHolder = async (room: InterceptRoom, lease: Lease): Promise<RunIdentity | undefined> => {
  const holder = parseHolder(lease.spec?.holderIdentity ?? '');
  if (holder === undefined) return undefined;
  if ((await judgeRun(room.client, holder)) === 'busy') return holder;
  await removeLeftovers(room, holder, lease.metadata?.namespace ?? '');
  return undefined;
};

/** The run that is in the way, or undefined when the lease is ours now. */
const tryAcquire = async (room: InterceptRoom, app: string): Promise<RunIdentity | undefined> => {
  const wanted = renderLease(room, app);
  const leases = room.client.resource(kinds.leases, wanted.metadata?.namespace);
  for (;;) {
    const present = await leases.get(leaseName(app));
    if (present === undefined) {
      if (await tryWrite(async () => await leases.create(wanted))) return undefined;
      continue;
    }
    if (present.spec?.holderIdentity === holderIdentityOf(room.run)) return undefined;
    const holder = await findBusyHolder(room, present);
    if (holder !== undefined) return holder;
    if (await takeOver(room, wanted, present)) return undefined;
  }
};

const noteWaiting = async (room: InterceptRoom, app: string, holder: RunIdentity): Promise<void> => {
  const { client, run, plan, context } = room;
  say(context, `${app} is intercepted by run ${holder.name}: waiting for it to end`);
  const waiting: Waiting = {
    app,
    namespace: plan.namespaces[app] ?? '',
    holder: { namespace: holder.namespace, name: holder.name },
    since: new Date().toISOString(),
  };
  await writeRunRecord(client, run, { [RUN_RECORD_KEYS.waiting]: JSON.stringify(waiting) });
};

const clearWaiting = async (client: KubeClient, run: RunIdentity): Promise<void> =>
  await removeRunRecordPart(client, run, RUN_RECORD_KEYS.waiting);

/** Resolves when this run holds the app; while it waits, `waiting.json` of the run record says for whom. */
export const acquireInterceptLease = async (room: InterceptRoom, request: LeaseRequest): Promise<void> => {
  const { client, run, context } = room;
  const { app, timeoutMs } = request;
  const deadlineMs = performance.now() + timeoutMs;
  let noted: string | undefined;
  for (;;) {
    const holder = await tryAcquire(room, app);
    if (holder === undefined) break;
    if (performance.now() > deadlineMs) {
      throw new StepFailure(
        `app ${app} is still intercepted by run ${holder.namespace}/${holder.name} after ${timeoutMs / 1000} s`,
        { code: 'INTERCEPT_TAKEN', hint: 'run again when that run is over; backend gateway needs no turns' },
      );
    }
    if (noted !== holder.name) await noteWaiting(room, app, holder);
    noted = holder.name;
    await delay(POLL_INTERVAL_MS, undefined, { signal: context.signal });
  }
  if (noted === undefined) return;
  await clearWaiting(client, run);
  say(context, `${app} is free: this run goes on`);
};
