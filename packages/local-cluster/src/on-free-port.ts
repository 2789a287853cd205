/** onFreePort: listens on a port that is free now and, after a restart, most likely still is. */

import { randomInt } from 'node:crypto';
import { isPortRefused } from './cluster-start-error.ts';

/**
 * Below the range from which systems give ports to whoever connects or asks for any (32768 on Linux), above the ports of pods
 * and of the router: a port of the system's choice belongs to somebody's connection when the cluster is started again.
 */
const FIRST_PORT = 25_000;
const LAST_PORT = 29_999;
const MAX_TRIES = 50;

/** Tries ports at random until `start` can listen on one; in the end on one of the system's choice. Rejects as `start` does. */
export async function onFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    try {
      return await start(randomInt(FIRST_PORT, LAST_PORT + 1));
    } catch (fault) {
      if (!isPortRefused(fault)) throw fault;
    }
  }
  return await start(0);
}
