/**
 * giveBackMemory: returns to the system what only the start needed. Loading the modules leaves V8 with a heap twice the
 * size of what it keeps, and a service that has nothing to do gives V8 no reason to shrink it.
 */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Takes some tens of milliseconds, in which nothing else happens: call it once, at the end of the start. */
export function giveBackMemory(): void {
  // The collector is a global only of contexts that are made while the flag is set.
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect === 'function') collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
