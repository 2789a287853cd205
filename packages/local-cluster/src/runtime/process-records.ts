/** Notes on disk of the process groups that run, so that a successor can end what a killed cluster left behind. */

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endGroup } from './process-group.ts';
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
        if (left.length > 0) await endGroup(Number(name));
        ended.push(...left);
        rmSync(join(directory, name), { force: true });
      }
      return ended;
    },
  };
}

/** The group's live processes when it is ours: by its leader, or by a member that carries the marker. */
function findLeftovers(groupPid: number, startTime: string, containerId: string): number[] {
  if (!Number.isInteger(groupPid) || containerId === '') return [];
  const members = listProcessGroup(groupPid).map(({ pid }) => pid);
  const isOurs =
    readProcStat(groupPid)?.startTime === startTime ||
    members.some((pid) => hasEnvironment(pid, CONTAINER_ID_VARIABLE, containerId));
  return isOurs ? members : [];
}
