/** startRunControllers: the history of runs and their admission, fed by one watch per namespace. */

import { createReflector, type Reflector } from '@tekton-dag/kube';
import { LABEL, MANAGED_BY, type PipelineRun } from '@tekton-dag/model';
import type { RunRow } from '@tekton-dag/store';
import type { Metrics } from '../metrics.ts';
import { reportRecordedRun } from '../reporting/report-recorded-run.ts';
import { createAdmission } from '../runs/admission.ts';
import { pipelineRunsIn } from '../runs/pipeline-runs.ts';
import type { TeamQueue } from '../runs/queue-by-team.ts';
import { createRunRecorder } from '../runs/record-runs.ts';
import { sweepRun } from '../runs/sweep-run.ts';
import { createRecordObserver } from '../telemetry/observe-record.ts';
import { createRunObserver } from '../telemetry/observe-run.ts';
import type { Parts } from './parts.ts';

/** They stop when `stack` is disposed. */
export function startRunControllers(parts: Parts, stack: AsyncDisposableStack): void {
  const { client, log, snapshot, store, metrics } = parts;
  const namespaces = new Set([...snapshot().teams.values()].map((team) => team.namespace));
  const reflectors = [...namespaces].map((namespace) => reflectRuns(parts, namespace));
  const observeRecord = createRecordObserver(parts);
  const recorder = createRunRecorder({
    reflectors,
    store,
    sweep: (run) => sweepEndedRun(parts, run),
    onSeen: createRunObserver(parts),
    onRecorded: (recorded) => reportRecordedRun({ ...parts, observeRecord }, recorded),
    onError: (error, key) => log.error({ err: error, run: key }, 'a run cannot be recorded'),
  });
  const admission = createAdmission({
    reflectors,
    client,
    snapshot,
    onQueues: (queues) => showQueues(metrics, queues),
    onAdmitted: (run) => {
      const { name, creationTimestamp = '', labels = {} } = run.metadata;
      metrics.admissionWaitSeconds.observe(
        { team: labels[LABEL.team] ?? '' },
        (Date.now() - Date.parse(creationTimestamp)) / 1_000,
      );
      log.info({ run: name }, 'run admitted');
    },
    onError: (error) => log.error({ err: error }, 'admission failed'),
  });
  recorder.start();
  admission.start();
  stack.use(recorder);
  stack.use(admission);
  void recordMissing(parts, reflectors, (key) => recorder.enqueue(key));
}

async function sweepEndedRun({ client, config, snapshot, log }: Parts, run: RunRow): Promise<void> {
  const sweep = { client, snapshot, defaultNamespace: config.defaultNamespace };
  const count = await sweepRun(sweep, run);
  if (count > 0) log.info({ run: run.name, count }, 'a run that ended without its cleanup was swept');
}

function reflectRuns({ client, log }: Parts, namespace: string): Reflector<PipelineRun> {
  return createReflector(pipelineRunsIn(client, namespace), {
    labelSelector: `${LABEL.managedBy}=${MANAGED_BY}`,
    onError: (error, retryInMs) => log.warn({ err: error, namespace, retryInMs }, 'runs cannot be watched'),
  });
}

/** Runs that were deleted while nobody watched: the store still has them open. */
async function recordMissing(
  { store, log }: Parts,
  reflectors: readonly Reflector<PipelineRun>[],
  enqueue: (key: string) => void,
): Promise<void> {
  try {
    await Promise.all(reflectors.map(({ synced }) => synced));
    for (const { namespace, name } of await store.runs.listOpen()) enqueue(`${namespace}/${name}`);
  } catch (error) {
    log.warn({ err: error }, 'open runs of the history cannot be checked');
  }
}

function showQueues({ pendingRuns, liveRuns }: Metrics, queues: ReadonlyMap<string, TeamQueue>): void {
  pendingRuns.reset();
  liveRuns.reset();
  for (const [team, { pending, live }] of queues) {
    pendingRuns.set({ team }, pending.length);
    liveRuns.set({ team }, live.length);
  }
}
