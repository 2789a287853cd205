/** startProgram: a Node program as a process of its own, that says where it listens. */

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export interface Program extends AsyncDisposable {
  readonly url: string;
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>;
  /** SIGTERM; resolves at the end, with the exit code. */
  end(): Promise<number | null>;
}

export interface ProgramSpec {
  readonly file: URL;
  readonly args?: readonly string[];
  /** All that it sees, besides PATH. */
  readonly env?: Readonly<Record<string, string>>;
}

const LISTENS_AT = /(?:^|listens on )(?<url>https?:\/\/\S+?)\.?$/;
/** Of what it said, for the error when it ends before it listens. */
const KEPT_LINES = 20;

/** The URL is the first line of stdout or stderr that is one, or ends with `listens on <URL>.` */
export async function startProgram({ file, args = [], env = {} }: ProgramSpec): Promise<Program> {
  const child = spawn(process.execPath, [fileURLToPath(file), ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = (): Promise<void> => killChild(child);
  const url = await readUrl(child);
  return { url, kill, end: () => endChild(child), [Symbol.asyncDispose]: kill };
}

function readUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    const listen = (stream: Readable | null): void => {
      if (stream === null) return;
      createInterface({ input: stream }).on('line', (line) => {
        said.push(line);
        if (said.length > KEPT_LINES) said.shift();
        const url = LISTENS_AT.exec(line)?.groups?.['url'];
        if (url !== undefined) resolve(url);
      });
    };
    listen(child.stdout);
    listen(child.stderr);
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`ended with ${code} before it listened:\n${said.join('\n')}`)),
    );
  });
}

async function killChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

async function endChild(child: ChildProcess): Promise<number | null> {
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
  return child.exitCode;
}
