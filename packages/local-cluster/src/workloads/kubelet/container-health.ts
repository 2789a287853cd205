/** Runs the probes of a running container and looks whether it listens where it should. */

import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ContainerRuntime, ContainerSpec, RunningContainer } from '../../contracts/container-runtime.ts';
import type { EventNote } from '../control/record-event.ts';
import type { Container, Probe } from '../specs/pod-schema.ts';
import { listeningPorts } from './listening-ports.ts';
import { runProbeLoop } from './probe-loop.ts';
import { runProbe, type ProbeTarget } from './run-probe.ts';

export interface HealthWatch {
  readonly runtime: ContainerRuntime;
  readonly container: Container;
  readonly running: RunningContainer;
  readonly spec: ContainerSpec;
  readonly target: Pick<ProbeTarget, 'address' | 'hostPort'>;
  readonly signal: AbortSignal;
  readonly report: (note: Omit<EventNote, 'component'>) => void;
  readonly onNotice: (message: string) => void;
  readonly onStarted: () => void;
  readonly onReady: (ready: boolean) => void;
  readonly onUnhealthy: (probe: 'startup' | 'liveness') => void;
}

const PORT_CHECKS_AFTER_MS = [3_000, 10_000];

/** Starts watching; everything ends when the signal aborts. */
export function watchContainerHealth(watch: HealthWatch): void {
  const { container, signal } = watch;
  void checkPorts(watch);
  if (container.startupProbe === undefined) {
    watchRunning(watch);
    return;
  }
  const startup = new AbortController();
  void loop(
    watch,
    'Startup',
    container.startupProbe,
    AbortSignal.any([signal, startup.signal]),
    (healthy) => {
      startup.abort();
      if (!healthy) return watch.onUnhealthy('startup');
      watch.onStarted();
      watchRunning(watch);
    },
  );
}

/** What to tell a user whose app listens on its container port instead of $PORT; undefined when all is well. */
export function wrongPortNotice(
  container: Container,
  hostPort: (containerPort: number) => number,
  listening: ReadonlySet<number>,
): string | undefined {
  const wrong = (container.ports ?? []).find(
    ({ containerPort }) => listening.has(containerPort) && !listening.has(hostPort(containerPort)),
  );
  if (wrong === undefined) return undefined;
  const wanted = hostPort(wrong.containerPort);
  return (
    `container ${container.name} listens on ${wrong.containerPort}, but in a local cluster it must listen on $PORT ` +
    `(now ${wanted}): pods share the host's ports, so each gets one of its own`
  );
}

function watchRunning(watch: HealthWatch): void {
  const { readinessProbe, livenessProbe } = watch.container;
  if (readinessProbe !== undefined)
    void loop(watch, 'Readiness', readinessProbe, watch.signal, watch.onReady);
  if (livenessProbe === undefined) return;
  const { initialDelaySeconds = 0 } = livenessProbe;
  void loop(watch, 'Liveness', { ...livenessProbe, initialDelaySeconds }, watch.signal, (healthy) => {
    if (!healthy) watch.onUnhealthy('liveness');
  });
}

async function loop(
  watch: HealthWatch,
  name: 'Startup' | 'Readiness' | 'Liveness',
  probe: Probe,
  ...[signal, onVerdict]: readonly [AbortSignal, (healthy: boolean) => void]
): Promise<void> {
  const target: ProbeTarget = {
    ...watch.target,
    container: watch.container,
    execute: (command, timeoutMs) => execute(watch, `${name.toLowerCase()}-probe`, command, timeoutMs),
  };
  await runProbeLoop({
    probe,
    signal,
    check: () => runProbe(probe, target),
    onVerdict,
    onFailure: (message) => {
      const notice = findWrongPort(watch);
      if (notice !== undefined) watch.onNotice(notice);
      const hint = notice === undefined ? '' : ` (${notice})`;
      watch.report({
        type: 'Warning',
        reason: 'Unhealthy',
        message: `${name} probe failed: ${message}${hint}`,
      });
    },
  });
}

/** Also pods without a readiness probe, which count as ready at once, should say that nobody can reach them. */
async function checkPorts(watch: HealthWatch): Promise<void> {
  for (const delayMs of PORT_CHECKS_AFTER_MS) {
    await sleep(delayMs, undefined, { signal: watch.signal, ref: false }).catch(() => {});
    if (watch.signal.aborted || (watch.container.ports ?? []).length === 0) return;
    const notice = findWrongPort(watch);
    if (notice === undefined) continue;
    watch.onNotice(notice);
    return watch.report({ type: 'Warning', reason: 'WrongPort', message: notice });
  }
}

function findWrongPort({ container, target, running }: HealthWatch): string | undefined {
  if ((container.ports ?? []).length === 0) return undefined;
  return wrongPortNotice(container, target.hostPort, listeningPorts(running.pid));
}

/** Runs a command as the container does, with its output in a file of its own. */
async function execute(
  { runtime, spec }: HealthWatch,
  name: string,
  command: readonly string[],
  timeoutMs: number,
): Promise<{ exitCode: number; output: string }> {
  const logPath = `${spec.logPath}.${name}`;
  rmSync(logPath, { force: true });
  const started = await runtime.start({ ...spec, command, args: [], logPath });
  if (!started.ok) return { exitCode: 126, output: started.error.message };
  const timer = new AbortController();
  const timeout = sleep(timeoutMs, undefined, { signal: timer.signal }).then(
    () => started.value.stop(0),
    () => started.value.exited,
  );
  const { exitCode } = await Promise.race([started.value.exited, timeout]);
  timer.abort();
  return { exitCode, output: takeOutput(logPath) };
}

/** Empty when the pod was removed while the command ran: its logs went with it. */
function takeOutput(logPath: string): string {
  try {
    return readFileSync(logPath, 'utf8').replaceAll(/^\S+ \S+ [FP] /gm, '');
  } catch {
    return '';
  } finally {
    rmSync(logPath, { force: true });
  }
}
