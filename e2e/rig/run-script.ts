/** runScript: one of the scripts that people call, as a process of its own. */

import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

export interface ScriptOutcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ScriptSetup {
  readonly cwd: string;
  /** All that it gets of the environment. */
  readonly env: Readonly<Record<string, string>>;
}

const SCRIPTS = resolve(import.meta.dirname, '../../scripts');

/** `name` without `.sh`. */
export function runScript(
  name: string,
  args: readonly string[],
  { cwd, env }: ScriptSetup,
): Promise<ScriptOutcome> {
  const { promise, resolve: done, reject } = Promise.withResolvers<ScriptOutcome>();
  const child = spawn(join(SCRIPTS, `${name}.sh`), args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text));
  child.on('error', reject);
  child.on('close', (code) => done({ code, ...texts }));
  return promise;
}
