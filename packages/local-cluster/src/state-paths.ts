/** Where the local cluster keeps what is not an object: logs and volumes, below its state directory. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Paths } from './contracts/cluster-context.ts';

/** The paths below `state`. */
export const statePaths = (state: string): Paths => ({
  state,
  containerLog: (podUid, container) => join(state, 'logs', podUid, `${container}.log`),
  volume: (podUid, volume) => {
    const directory = join(state, 'volumes', podUid, volume);
    mkdirSync(directory, { recursive: true });
    return directory;
  },
});
