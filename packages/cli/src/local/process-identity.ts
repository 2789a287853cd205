/** Process identity: a number that the system gives again is not the same process. */

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** When the process started, in the system's own terms; undefined when there is no such process. */
export async function processIdentity(pid: number): Promise<string | undefined> {
  return process.platform === 'linux' ? startTicks(pid) : startTime(pid);
}

/** True when `pid` is alive and is still the process that had this identity. */
export async function isSameProcess(pid: number, identity: string): Promise<boolean> {
  return (await processIdentity(pid)) === identity;
}

/** Field 22 of /proc/<pid>/stat (proc_pid_stat(5)); the name before it may hold spaces and brackets. */
async function startTicks(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended; only its parent has not looked yet.
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function startTime(pid: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'lstart=', '-p', String(pid)], (error, stdout) => {
      resolve(error === null && stdout.trim() !== '' ? stdout.trim() : undefined);
    });
  });
}
