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

// The reader has gone, as with `| head`: there is nobody left to tell.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

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
