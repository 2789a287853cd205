/** Finds the TCP ports that a process group listens on, to tell why an app cannot be reached. */

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { listProcessGroup } from '../../runtime/proc-stat.ts';

/** State `0A` in /proc/net/tcp is LISTEN (proc(5)). */
const LISTEN = '0A';

/** Empty where there is no /proc. */
export function listeningPorts(groupPid: number): ReadonlySet<number> {
  const ports = portsByInode();
  const own = listProcessGroup(groupPid).flatMap(({ pid }) => socketInodes(pid));
  return new Set(own.map((inode) => ports.get(inode)).filter((port) => port !== undefined));
}

function portsByInode(): Map<string, number> {
  const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => readLines(file).slice(1));
  return new Map(
    rows
      .map((row) => row.trim().split(/\s+/))
      .filter((columns) => columns[3] === LISTEN)
      .map((columns) => [columns[9] ?? '', Number.parseInt(columns[1]?.split(':')[1] ?? '', 16)]),
  );
}

function socketInodes(pid: number): string[] {
  const directory = `/proc/${pid}/fd`;
  return readNames(directory).flatMap(
    (name) => /^socket:\[(\d+)\]$/.exec(readTarget(`${directory}/${name}`))?.[1] ?? [],
  );
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').trim().split('\n');
  } catch {
    return [];
  }
}

function readNames(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function readTarget(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
