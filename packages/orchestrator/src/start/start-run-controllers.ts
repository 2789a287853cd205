/** startRunControllers: the history of runs, their admission and their retention, on the replica that leads. */

import type { RunRow } from '@tekton-dag/store';
import { listSecrets } from '../config/list-secrets.ts';
import { createSecretMask } from '../mask-secrets.ts';
import type { Metrics } from '../metrics.ts';
import type { PlatformSnapshot } from '../platform/platform-snapshot.ts';
import { createRunReports, requestMissedReports } from '../reporting/report-recorded-run.ts';
import { admitRuns } from '../runs/admission.ts';
import type { TeamQueue } from '../runs/plan-admissions.ts';
import { pruneHistory } from '../runs/prune-history.ts';
import type { QueuedRun } from '../runs/queued-run.ts';
import { recordRuns } from '../runs/record-runs.ts';
import { sweepRun } from '../runs/sweep-run.ts';
import { createRunWatch, type FollowedTeams, type RunWatch } from '../runs/watch-runs.ts';
import { createRecordObserver } from '../telemetry/observe-record.ts';
import { createRunObserver } from '../telemetry/observe-run.ts';
import type { Parts } from './parts.ts';

/** The watch, which it gives back, runs on every replica, so that one that takes over begins warm. It stops when `stack` is disposed. */
export function startRunControllers(parts: Parts, stack: AsyncDisposableStack): RunWatch {
  const { config, store, platform, singletons } = parts;
  const watch = stack.use(watchRuns(parts));
  watch.follow(teamsOf(platform.snapshot()));
  stack.defer(platform.subscribe((snapshot) => watch.follow(teamsOf(snapshot))));
  singletons.add('history', (signal) => recordHistory(parts, watch, signal));
  singletons.add('admission', (signal) => admit(parts, watch, signal));
  singletons.add('retention of runs', (signal) => pruneHistory(store, config, signal));
  return watch;
}

function teamsOf({ teams }: PlatformSnapshot): FollowedTeams {
  const byNamespace = Map.groupBy(teams.values(), ({ namespace }) => namespace);
  return new Map(
    [...byNamespace].map(([namespace, there]) => [namespace, new Set(there.map(({ name }) => name))]),
  );
}

function watchRuns({ client, log }: Parts): RunWatch {
  return createRunWatch({
    client,
    onError: (error, namespace, retryInMs) =>
      log.warn({ err: error, namespace, retryInMs }, 'runs cannot be watched'),
  });
}

function recordHistory(parts: Parts, watch: RunWatch, signal: AbortSignal): Promise<void> {
  const { store, log } = parts;
  const observeRecord = createRecordObserver(parts);
  const options = {
    watch,
    store,
    sweep: (run: RunRow) => sweepEndedRun(parts, run),
    onSeen: createRunObserver(parts),
    onRecorded: createRunReports({
      ...parts,
      observeRecord,
      mask: createSecretMask(listSecrets(parts.config)),
    }),
    onError: (error: unknown, key: string) => log.error({ err: error, run: key }, 'a run cannot be recorded'),
  };
  requestMissedReports(parts).catch((error: unknown) =>
    log.warn({ err: error }, 'missed reports are not known'),
  );
  return recordRuns(options, signal);
}

async function sweepEndedRun({ client, config, snapshot, log }: Parts, run: RunRow): Promise<void> {
  const sweep = { client, snapshot, defaultNamespace: config.defaultNamespace };
  const count = await sweepRun(sweep, run);
  if (count > 0) log.info({ run: run.name, count }, 'a run that ended without its cleanup was swept');
}

function admit({ client, config, snapshot, metrics, log }: Parts, watch: RunWatch, signal: AbortSignal) {
  const options = {
    watch,
    client,
    snapshot,
    priorityAgeMs: config.priorityAgeMs,
    maxLiveRuns: config.maxLiveRuns,
    onQueues: (queues: ReadonlyMap<string, TeamQueue>) => showQueues(metrics, queues),
    onAdmitted: (run: QueuedRun) => {
      metrics.admissionWaitSeconds.observe(
        { team: teamNameOf(run.team) },
        (Date.now() - run.createdAtMs) / 1_000,
      );
      log.info({ run: run.name, namespace: run.namespace }, 'run admitted');
    },
    onError: (error: unknown, run?: QueuedRun) =>
      log.error({ err: error, run: run?.key }, 'admission failed'),
  };
  return admitRuns(options, signal);
}

function showQueues({ pendingRuns, liveRuns }: Metrics, queues: ReadonlyMap<string, TeamQueue>): void {
  pendingRuns.reset();
  liveRuns.reset();
  for (const [key, { pending, live }] of queues) {
    const team = teamNameOf(key);
    pendingRuns.inc({ team }, pending.length);
    liveRuns.inc({ team }, live);
  }
}

/** Of `namespace/team`. */
function teamNameOf(key: string): string {
  return key.slice(key.indexOf('/') + 1);
}
