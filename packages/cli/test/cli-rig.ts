/** CliRig: the real command as a process, with a world of its own. */

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { runCli } from '../src/index.ts';

export const LAUNCHER = fileURLToPath(new URL('../bin/tekton-dag.js', import.meta.url));
export const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));

export interface CliOutcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly child: ChildProcess;
  /** Text so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly exited: Promise<CliOutcome>;
}

export interface CliRig extends AsyncDisposable {
  readonly directory: string;
  /** Starts the command; its HOME is the rig's directory, and of the environment only PATH is passed on. */
  start(args: readonly string[], options?: CliOptions): RunningCli;
  run(args: readonly string[], options?: CliOptions): Promise<CliOutcome>;
  /** Writes a file below the directory and returns its path. */
  file(name: string, content: string): Promise<string>;
}

export interface CliOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** Everything the rig started and wrote goes when it is disposed. `launcher` is what Node is given to run. */
export async function createCliRig(launcher = LAUNCHER): Promise<CliRig> {
  const directory = await mkdtemp(join(tmpdir(), 'tekton-dag-cli-'));
  const running = new Set<RunningCli>();
  const start = (args: readonly string[], options: CliOptions = {}): RunningCli => {
    const cli = startCli({ launcher, directory }, args, options);
    running.add(cli);
    void cli.exited.then(() => running.delete(cli));
    return cli;
  };
  return {
    directory,
    start,
    run: (args, options) => start(args, options).exited,
    async file(name, content) {
      const path = join(directory, name);
      await writeFile(path, content);
      return path;
    },
    async [Symbol.asyncDispose]() {
      for (const { child } of running) child.kill('SIGKILL');
      await Promise.all([...running].map(({ exited }) => exited));
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function startCli(
  { launcher, directory }: { readonly launcher: string; readonly directory: string },
  args: readonly string[],
  options: CliOptions,
): RunningCli {
  const child = spawn(process.execPath, [launcher, ...args], {
    cwd: options.cwd ?? directory,
    env: { PATH: process.env['PATH'], HOME: directory, ...options.env },
    stdio: 'pipe',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.stdin ?? '');
  const exited = new Promise<CliOutcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, stdout: () => stdout, stderr: () => stderr, exited };
}

/** The same command line in this process, for tests of many: no signals, no launcher. */
export async function runInProcess(args: readonly string[], cwd: string): Promise<CliOutcome> {
  const stdout = createSink();
  const stderr = createSink();
  const code = await runCli(args, {
    env: {},
    cwd,
    homeDir: cwd,
    selfCommand: [],
    stdout: stdout.stream,
    stderr: stderr.stream,
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    columns: 100,
    rows: 40,
    onHangUp: () => undefined,
    signal: new AbortController().signal,
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function createSink(): { readonly stream: Writable; readonly text: () => string } {
  let text = '';
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      text += chunk;
      done();
    },
  });
  return { stream, text: () => text };
}

/** A kubeconfig without credentials for a server. */
export function kubeconfigFor(server: string): string {
  return JSON.stringify({
    'current-context': 'test',
    clusters: [{ name: 'k', cluster: { server } }],
    contexts: [{ name: 'test', context: { cluster: 'k', namespace: 'ci' } }],
  });
}
