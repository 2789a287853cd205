/** Reads what Linux tells about a process in /proc; empty answers where there is no such process or no /proc. */

import { readdirSync, readFileSync } from 'node:fs';

/** The fields of proc(5) `/proc/<pid>/stat` that tell processes apart. */
export interface ProcStat {
  readonly pid: number;
  readonly command: string;
  /** One letter; `Z` is a zombie. */
  readonly state: string;
  readonly processGroup: number;
  /** Clock ticks after boot; together with the pid it names one process. */
  readonly startTime: string;
}

/** The process's stat line, or undefined when it is gone. */
export function readProcStat(pid: number): ProcStat | undefined {
  const text = readProcFile(pid, 'stat');
  if (text === undefined) return undefined;
  // The command may hold spaces and brackets, so split at the last one.
  const end = text.lastIndexOf(')');
  const fields = text.slice(end + 2).split(' ');
  return {
    pid,
    command: text.slice(text.indexOf('(') + 1, end),
    state: fields[0] ?? '',
    processGroup: Number(fields[2]),
    startTime: fields[19] ?? '',
  };
}

/** Every process of a process group, zombies left out. */
export function listProcessGroup(processGroup: number): ProcStat[] {
  return listPids()
    .map(readProcStat)
    .filter((stat) => stat !== undefined)
    .filter((stat) => stat.processGroup === processGroup && stat.state !== 'Z');
}

/** True when the process was started with exactly this environment variable. */
export function hasEnvironment(pid: number, name: string, value: string): boolean {
  return readProcFile(pid, 'environ')?.split('\0').includes(`${name}=${value}`) ?? false;
}

function listPids(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

function readProcFile(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return undefined;
  }
}
