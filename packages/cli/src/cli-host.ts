/** CliHost: the process as commands see it, so that nothing else reads globals. */

import type { Writable } from 'node:stream';

export interface CliHost {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly homeDir: string;
  /** How to start this program again: the executable, then its arguments. */
  readonly selfCommand: readonly string[];
  /** Results only. */
  readonly stdout: Writable;
  /** Everything said to people. */
  readonly stderr: Writable;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  readonly columns: number;
  readonly rows: number;
  /** Calls the listener for each SIGHUP, which ends the process when nobody listens. */
  readonly onHangUp: (listener: () => void) => void;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
}
