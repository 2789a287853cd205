/** startVictim: an orchestrator in a process of its own, to be killed. */

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Victim extends AsyncDisposable {
  readonly url: string;
  readonly child: ChildProcess;
}

/** `env` holds its settings; resolves when it listens. Disposing kills it. */
export async function startVictim(env: Readonly<Record<string, string>>, apiUrl: string): Promise<Victim> {
  const child = spawn(process.execPath, [new URL('serve-fixture.ts', import.meta.url).pathname], {
    env: { ...env, RIG_API_URL: apiUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const dead = new AbortController();
  child.once('exit', () => dead.abort(new Error('the orchestrator did not start')));
  const [url] = await once(createInterface({ input: child.stdout }), 'line', { signal: dead.signal });
  return { url: String(url), child, [Symbol.asyncDispose]: () => kill(child) };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
