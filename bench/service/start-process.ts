/** startProcess: a file of this folder as a process of its own, which says on stdout where it listens. */

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface BenchProcess extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>;
}

/** `file` is a name beside this one; `env` is all that the process sees, besides PATH. Rejects when it ends before it listens. */
export async function startProcess(
  file: string,
  env: Readonly<Record<string, string>>,
): Promise<BenchProcess> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url))], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new AbortController();
  child.once('exit', () => ended.abort(new Error(`${file} ended before it listened`)));
  const [url] = await once(createInterface({ input: child.stdout }), 'line', { signal: ended.signal });
  const kill = (): Promise<void> => killChild(child);
  return { url: String(url), pid: child.pid ?? 0, kill, [Symbol.asyncDispose]: kill };
}

async function killChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
