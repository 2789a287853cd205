/** listGivenStacks: stack files that values.yaml gives. Pure. */

import { join } from 'node:path';
import type { TeamFolder } from './team-folder.ts';

/** By the path that they would have in the checkout. */
export function listGivenStacks(
  folders: readonly TeamFolder[],
  platformDir: string,
): ReadonlyMap<string, string> {
  const given = folders.flatMap(({ values }) => Object.entries(values?.stackFiles ?? {}));
  return new Map(given.map(([file, text]) => [join(platformDir, file), text]));
}
