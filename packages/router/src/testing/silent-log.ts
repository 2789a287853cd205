/** A log that keeps nothing. */
import type { RouterLog } from '../router-log.ts';

export const silentLog: RouterLog = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
