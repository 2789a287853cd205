/** removeDirectory: files that go with an object, although a process that ends may still write to them. */

import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from './contracts/cluster-context.ts';

/** Together about five seconds, as long as processes get to end. (The retries of `rm` itself multiply with each level, to 50 s.) */
const MAX_TRIES = 50;
const RETRY_DELAY_MS = 100;

/** Never rejects: what cannot be removed is told to the log and left. */
export async function removeDirectory(path: string, log: Log): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const fault = await tryRemove(path);
    if (fault === undefined) return;
    if (!isBeingWritten(fault) || tries === MAX_TRIES) {
      log.warn({ fault: String(fault) }, 'files of an object that is gone were left');
      return;
    }
    await sleep(RETRY_DELAY_MS);
  }
}

const tryRemove = (path: string): Promise<Error | undefined> =>
  rm(path, { recursive: true, force: true }).then(
    () => undefined,
    (fault: unknown) => (fault instanceof Error ? fault : new Error(String(fault))),
  );

/** A file has come after the directory was emptied. */
const isBeingWritten = (fault: Error): boolean => 'code' in fault && fault.code === 'ENOTEMPTY';
