/** Which processes a rig left behind: whatever lives in its directory or was told of it. */

import { readdir, readFile, readlink } from 'node:fs/promises';

/** One line per process: its id and its command. */
export async function findLeftProcesses(root: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  const found = await Promise.all(pids.map((pid) => describeIfOurs(pid, root)));
  return found.filter((line) => line !== undefined);
}

async function describeIfOurs(pid: string, root: string): Promise<string | undefined> {
  try {
    const [cwd, environment, command] = await Promise.all([
      readlink(`/proc/${pid}/cwd`),
      readFile(`/proc/${pid}/environ`, 'utf8'),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
    ]);
    const ours = cwd.startsWith(root) || environment.includes(root) || command.includes(root);
    return ours ? `${pid} ${command.replaceAll('\0', ' ').trim()}` : undefined;
  } catch {
    // It ended meanwhile, or belongs to somebody else.
    return undefined;
  }
}
