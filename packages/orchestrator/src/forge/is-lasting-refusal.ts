/** isLastingRefusal: whether asking the forge again would be of no use. */

import { ForgeError } from './forge-error.ts';

/** What may pass, such as a limit that is reached or a forge that is away, lasts once nobody waits any longer. */
export function isLastingRefusal(error: unknown, patientUntilMs: number): error is ForgeError {
  if (!(error instanceof ForgeError)) return false;
  const mayPass = error.reason === 'rate-limited' || error.reason === 'unavailable';
  return !mayPass || Date.now() >= patientUntilMs;
}
