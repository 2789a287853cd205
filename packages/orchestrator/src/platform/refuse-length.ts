/** refuseLength: files that nobody can have written by hand, and that would take long to parse. Pure. */

import type { PlatformProblem } from './platform-problem.ts';

/** No file that people write is so long; a longer one would stop the service while it is parsed. */
export const MAX_CHARACTERS = 1024 * 1024;
/** Ten for each app of a stack of 3,000; to find duplicate keys takes time that grows with the square of their number. */
const MAX_COLONS = 30_000;

/** What is wrong with the length of a file's text; undefined when nothing is. */
export function refuseLength(text: string): Pick<PlatformProblem, 'message' | 'code'> | undefined {
  if (text.length > MAX_CHARACTERS) {
    return { message: `is longer than ${MAX_CHARACTERS} characters`, code: 'too-long' };
  }
  if (countColons(text) <= MAX_COLONS) return undefined;
  return { message: `has more than ${MAX_COLONS} keys`, code: 'too-long' };
}

function countColons(text: string): number {
  let count = 0;
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) count += 1;
  return count;
}
