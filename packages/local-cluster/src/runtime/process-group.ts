/** Starts a program as the leader of its own process group, with its output in a CRI log, and ends the whole group. */

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok, type Result } from '@tekton-dag/model';
import type { ContainerExit } from '../contracts/container-runtime.ts';
import type { CriLog } from './cri-log.ts';
import { listProcessGroup } from './proc-stat.ts';

export interface ProcessGroupSpec {
  /** An absolute path and its arguments. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Closed when the group has ended. */
  readonly log: CriLog;
  /** How SIGTERM reaches the group. */
  readonly sendTerm: (groupPid: number) => void;
}

export interface ProcessGroup {
  readonly pid: number;
  readonly startedAt: string;
  readonly exited: Promise<ContainerExit>;
  stop(graceMs: number): Promise<ContainerExit>;
}

/** How long a process that left the group may hold the output open after the leader's end. */
const OUTPUT_LINGER_MS = 200;
/** A killed process needs its turn to end; on a busy machine that takes a while. */
const GONE_TIMEOUT_MS = 10_000;

/** Starts the program; a refusal of the operating system is an expected failure. */
export async function startProcessGroup(spec: ProcessGroupSpec): Promise<Result<ProcessGroup, string>> {
  const startedAt = new Date().toISOString();
  const child = trySpawn(spec);
  if (!child.ok) return child;
  const { pid } = child.value;
  if (pid === undefined) {
    const [error]: unknown[] = await once(child.value, 'error');
    return err(messageOf(error));
  }
  child.value.on('error', () => {});
  captureOutput(child.value, spec.log);
  const exited = waitForExit(child.value, pid, startedAt).finally(() => spec.log.close());
  return ok({ pid, startedAt, exited, stop: (graceMs) => stopGroup(pid, exited, spec.sendTerm, graceMs) });
}

/** Sends a signal to every process of the group; false when there is none. */
export function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

function trySpawn({ argv, env, cwd }: ProcessGroupSpec): Result<ChildProcess, string> {
  const [program = '', ...args] = argv;
  try {
    return ok(spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] }));
  } catch (error) {
    return err(messageOf(error));
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function captureOutput(child: ChildProcess, log: CriLog): void {
  child.stdout?.on('data', (chunk: Buffer) => log.write('stdout', chunk));
  child.stderr?.on('data', (chunk: Buffer) => log.write('stderr', chunk));
}

async function waitForExit(child: ChildProcess, pid: number, startedAt: string): Promise<ContainerExit> {
  const closed = new Promise<void>((resolve) => void child.once('close', () => resolve()));
  const exit = await new Promise<Pick<ContainerExit, 'exitCode' | 'signal'>>((resolve) => {
    child.once('exit', (code, signal) => resolve(exitOf(code, signal)));
  });
  const finishedAt = new Date().toISOString();
  // A container ends with its first process.
  await endGroup(pid);
  const linger = new AbortController();
  await Promise.race([closed, sleep(OUTPUT_LINGER_MS, undefined, { signal: linger.signal }).catch(() => {})]);
  linger.abort();
  child.stdout?.destroy();
  child.stderr?.destroy();
  return { ...exit, startedAt, finishedAt };
}

/**
 * Kills every process of a group and waits until none is left. The whole group at once: of processes that are killed one by one,
 * another may just have forked.
 */
export async function endGroup(pid: number): Promise<void> {
  const deadlineMs = performance.now() + GONE_TIMEOUT_MS;
  // The group is also gone when all that is left are zombies that their new parent has not reaped yet.
  while (signalGroup(pid, 'SIGKILL') && listProcessGroup(pid).length > 0) {
    if (performance.now() > deadlineMs) return;
    await sleep(2);
  }
}

function exitOf(
  code: number | null,
  signal: NodeJS.Signals | null,
): Pick<ContainerExit, 'exitCode' | 'signal'> {
  if (signal !== null) return { exitCode: 128 + constants.signals[signal], signal };
  return { exitCode: code ?? 255 };
}

async function stopGroup(
  pid: number,
  exited: Promise<ContainerExit>,
  sendTerm: (groupPid: number) => void,
  graceMs: number,
): Promise<ContainerExit> {
  sendTerm(pid);
  const timer = new AbortController();
  const grace = sleep(graceMs, 'late' as const, { signal: timer.signal }).catch(() => 'cancelled' as const);
  const first = await Promise.race([exited, grace]);
  timer.abort();
  if (first === 'late') signalGroup(pid, 'SIGKILL');
  return exited;
}
