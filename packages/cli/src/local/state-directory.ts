/** stateDirectory: where a local cluster keeps everything (XDG Base Directory: state). */

import { join, resolve } from 'node:path';
import type { CliHost } from '../cli-host.ts';

export interface StateOptions {
  readonly stateDir?: string;
}

/** `--state-dir`, else `${XDG_STATE_HOME:-~/.local/state}/tekton-dag/local`. */
export function stateDirectory({ env, homeDir, cwd }: CliHost, { stateDir }: StateOptions): string {
  if (stateDir !== undefined) return resolve(cwd, stateDir);
  const base = env['XDG_STATE_HOME'] ?? '';
  return join(base === '' ? join(homeDir, '.local', 'state') : base, 'tekton-dag', 'local');
}
