/** One Tekton namespace for all tests of a file. */

import { afterAll, beforeAll } from 'vitest';
import type { TektonOptions } from '../../src/tekton/tekton-controller.ts';
import { startTekton, type TektonRig } from './tekton-rig.ts';

/** Returns the rig of the file; call inside `describe`. */
export function useTekton(options: TektonOptions = {}): () => TektonRig {
  let rig: TektonRig | undefined;
  beforeAll(async () => {
    rig = await startTekton(options);
  });
  afterAll(async () => {
    await rig?.[Symbol.asyncDispose]();
  });
  return () => {
    if (rig === undefined) throw new Error('the rig is used before it started');
    return rig;
  };
}
