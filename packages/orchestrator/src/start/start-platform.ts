/** startPlatform: loads the platform and keeps it as its files are: by watches, by a look now and then, and when told. */

import { createReflector, kinds, type KubeClient } from '@tekton-dag/kube';
import { dirname, join } from 'node:path';
import type { Logger } from 'pino';
import type { ConfigMapSelection, PlatformPlace } from '../config/platform-settings.ts';
import type { Metrics } from '../metrics.ts';
import { createConfigMapFiles, isInConfigMap } from '../platform/config-map-files.ts';
import { debounce } from '../platform/debounce.ts';
import { createDirectoryFiles } from '../platform/directory-files.ts';
import { createDirectoryWatch, type DirectoryWatch } from '../platform/directory-watch.ts';
import { createPlatformLoader } from '../platform/load-platform.ts';
import type { PlatformFiles } from '../platform/platform-files.ts';
import { describeProblem } from '../platform/platform-problem.ts';
import type { PlatformSnapshot } from '../platform/platform-snapshot.ts';
import {
  createPlatformSource,
  type PlatformSource,
  type ReloadOutcome,
} from '../platform/platform-source.ts';

export interface PlatformParts {
  readonly config: PlatformPlace;
  readonly client: KubeClient;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'platformProblems' | 'platformLoadedSeconds' | 'platformReloads'>;
}

const DEBOUNCE = { quietMs: 100, longestMs: 1_000 } as const;
/** The service starts without them after this long: it is not ready then. */
const FIRST_CONFIG_MAPS_MS = 10_000;

/** Everything stops when `stack` is disposed. */
export async function startPlatform(
  parts: PlatformParts,
  stack: AsyncDisposableStack,
): Promise<PlatformSource> {
  const { config, log } = parts;
  const changed = { tell: () => {} };
  const files = await openFiles(parts, stack, () => changed.tell());
  const loader = createPlatformLoader({ files, defaultNamespaceOf: () => config.defaultNamespace });
  const source = await createPlatformSource(loader, (outcome) => showReload(parts, outcome));
  showSnapshot(parts, source.snapshot());
  const reload = (): void => {
    source.reload().catch((error: unknown) => log.error({ err: error }, 'the platform cannot be reloaded'));
  };
  const reloadSoon = stack.use(debounce(reload, DEBOUNCE));
  changed.tell = reloadSoon;
  await watchDirectories(parts, source, stack, reloadSoon);
  if (config.rescanIntervalMs > 0) {
    const timer = setInterval(reload, config.rescanIntervalMs).unref();
    stack.defer(() => clearInterval(timer));
  }
  return source;
}

async function openFiles(
  parts: PlatformParts,
  stack: AsyncDisposableStack,
  onChange: () => void,
): Promise<PlatformFiles> {
  const { teamsConfigMaps } = parts.config;
  return teamsConfigMaps === undefined
    ? createDirectoryFiles(parts.config)
    : openConfigMaps(parts, teamsConfigMaps, stack, onChange);
}

async function openConfigMaps(
  { client, config, log }: PlatformParts,
  { namespace, labelSelector }: ConfigMapSelection,
  stack: AsyncDisposableStack,
  onChange: () => void,
): Promise<PlatformFiles> {
  const configMaps = createReflector(client.resource(kinds.configmaps, namespace), {
    labelSelector,
    onError: (error, retryInMs) =>
      log.warn({ err: error, namespace, retryInMs }, 'ConfigMaps of teams cannot be watched'),
  });
  configMaps.on(onChange);
  configMaps.start();
  stack.use(configMaps);
  const timer = Promise.withResolvers<void>();
  const timeout = setTimeout(timer.resolve, FIRST_CONFIG_MAPS_MS);
  await Promise.race([configMaps.synced, timer.promise]);
  clearTimeout(timeout);
  // ConfigMaps that come after the time is over change nothing by themselves when there is none.
  void configMaps.synced.then(onChange);
  return createConfigMapFiles({ configMaps, platformDir: config.platformDir });
}

/** What is watched follows what is loaded: new teams, stack files in other directories. */
async function watchDirectories(
  { config, log }: PlatformParts,
  source: PlatformSource,
  stack: AsyncDisposableStack,
  onChange: () => void,
): Promise<void> {
  const onError = (error: unknown): void =>
    log.warn({ err: error }, 'a directory of the platform cannot be watched');
  const watch: DirectoryWatch = stack.use(createDirectoryWatch(onChange, onError));
  await watch.follow(directoriesOf(config, source.snapshot()));
  const follow = async (now: PlatformSnapshot): Promise<void> => watch.follow(directoriesOf(config, now));
  stack.defer(source.subscribe((now) => void follow(now).catch(onError)));
  // What changed between the first load and the first watch was told by nobody.
  onChange();
}

function directoriesOf(
  { platformDir, teamsDir, teamsConfigMaps }: PlatformPlace,
  { files }: PlatformSnapshot,
): ReadonlySet<string> {
  const onDisk = files.filter((file) => !isInConfigMap(file));
  const roots = teamsConfigMaps === undefined ? [teamsDir] : [];
  return new Set([...roots, join(platformDir, 'stacks'), ...onDisk.map((file) => dirname(file))]);
}

function showReload(parts: PlatformParts, { kind, snapshot }: ReloadOutcome): void {
  parts.metrics.platformReloads.inc({ outcome: kind });
  if (kind === 'unchanged') return;
  showSnapshot(parts, snapshot);
  parts.log.info({ teams: snapshot.teams.size, stacks: snapshot.stacks.size }, 'the platform was reloaded');
}

function showSnapshot({ log, metrics }: PlatformParts, { problems, loadedAtMs }: PlatformSnapshot): void {
  metrics.platformLoadedSeconds.set(loadedAtMs / 1_000);
  for (const severity of ['error', 'warning'] as const) {
    const found = problems.filter((problem) => problem.severity === severity);
    metrics.platformProblems.set({ severity }, found.length);
  }
  for (const problem of problems) {
    const level = problem.severity === 'error' ? 'error' : 'warn';
    log[level]({ problem: describeProblem(problem) }, 'a file of the platform has a problem');
  }
}
