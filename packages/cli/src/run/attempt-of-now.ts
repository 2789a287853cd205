/** attemptOfNow: the number of a run that is to be another than any before. */

/** In seconds: who tries again in the same second means the same run. */
export function attemptOfNow(): number {
  return Math.floor(Date.now() / 1000);
}
