/** One Tekton namespace for all tests of a file. */

import { afterAll, beforeAll } from 'vitest';
import { openTekton, type TektonRig } from './tekton-rig.ts';

/** Returns the rig of the file; call inside `describe`. */
export function useTekton(): () => TektonRig {
  let rig: TektonRig | undefined;
  beforeAll(async () => {
    rig = await openTekton();
  });
  afterAll(() => rig?.close());
  return () => {
    if (rig === undefined) throw new Error('the rig is used before it started');
    return rig;
  };
}
