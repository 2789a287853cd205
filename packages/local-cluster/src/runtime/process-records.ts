/** Notes on disk of the process groups that run, so that a successor can end what a killed cluster left behind. */

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasEnvironment, listProcessGroup, readProcStat } from './proc-stat.ts';

/** Set in every container's environment; proves that a process is one of ours. */
export const CONTAINER_ID_VARIABLE = 'TEKTON_DAG_CONTAINER_ID';

export interface ProcessRecords {
  /** Notes a process group by its leader's pid; `containerId` is the value of its marker variable. */
  add(pid: number, containerId: string): void;
  remove(pid: number): void;
  /** Kills the noted groups that still live, never a process that merely has the same pid. Resolves when they are gone. */
  endLeftovers(): Promise<readonly number[]>;
}

const GONE_TIMEOUT_MS = 5_000;

/** Keeps one small file per process group in `directory`. */
export function createProcessRecords(directory: string): ProcessRecords {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return {
    add(pid, containerId) {
      const startTime = readProcStat(pid)?.startTime ?? '';
      writeFileSync(join(directory, String(pid)), `${startTime} ${containerId}\n`);
    },
    remove(pid) {
      rmSync(join(directory, String(pid)), { force: true });
    },
    async endLeftovers() {
      const ended: number[] = [];
      for (const name of readdirSync(directory)) {
        const [startTime = '', containerId = ''] = readFileSync(join(directory, name), 'utf8')
          .trim()
          .split(' ');
        const left = findLeftovers(Number(name), startTime, containerId);
        for (const pid of left) sendKill(pid);
        await untilGone(left);
        ended.push(...left);
        rmSync(join(directory, name), { force: true });
      }
      return ended;
    },
  };
}

/** The group's live processes that are ours: the same leader, or members that carry the marker. */
function findLeftovers(groupPid: number, startTime: string, containerId: string): number[] {
  if (!Number.isInteger(groupPid) || containerId === '') return [];
  const leaderIsOurs = readProcStat(groupPid)?.startTime === startTime;
  return listProcessGroup(groupPid)
    .map((member) => member.pid)
    .filter((pid) => leaderIsOurs || hasEnvironment(pid, CONTAINER_ID_VARIABLE, containerId));
}

function sendKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone in the meantime.
  }
}

async function untilGone(pids: readonly number[]): Promise<void> {
  const deadlineMs = performance.now() + GONE_TIMEOUT_MS;
  const alive = (pid: number): boolean => (readProcStat(pid)?.state ?? 'Z') !== 'Z';
  while (pids.some(alive) && performance.now() < deadlineMs) await sleep(5);
}
