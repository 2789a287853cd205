/** The process: hands globals to `runCli` and its exit code back. */

import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { Interruption } from './interruption.ts';
import { runCli } from './run-cli.ts';

const interrupted = new AbortController();

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The second one means it: no more waiting for a clean end.
    if (interrupted.signal.aborted) process.exit(130);
    interrupted.abort(new Interruption(signal));
  });
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader has gone, as with `| head`: there is nobody left to tell.
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`error: the result cannot be written: ${error.message}\n`, () => process.exit(1));
});
// Nobody hears what is said to people; the result and the exit code count all the same.
process.stderr.on('error', () => undefined);

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  homeDir: homedir(),
  // As it was started: through the launcher, which turns on the compile cache, or as a bundle.
  selfCommand: [process.execPath, ...process.argv.slice(1, 2).map((script) => realpathSync(script))],
  stdout: process.stdout,
  stderr: process.stderr,
  stdoutIsTerminal: process.stdout.isTTY ?? false,
  stderrIsTerminal: process.stderr.isTTY ?? false,
  columns: process.stdout.columns ?? 100,
  rows: process.stdout.rows ?? 40,
  onHangUp: (listener) => void process.on('SIGHUP', listener),
  signal: interrupted.signal,
});
