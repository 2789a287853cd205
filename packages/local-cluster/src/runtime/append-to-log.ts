/** A last word of the cluster itself in the log of a container that has ended. */

import { openCriLog } from './cri-log.ts';

/** Adds one line, as if the container had written it to stderr. */
export function appendToLog(path: string, line: string): void {
  const log = openCriLog(path, Number.MAX_SAFE_INTEGER);
  log.write('stderr', Buffer.from(`${line}\n`));
  log.close();
}
