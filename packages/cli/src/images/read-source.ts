/** readSource: which commit the images are made of, for their labels. */

import type { RunEngine } from './run-engine.ts';

export interface ImageSource {
  /** Commit; undefined outside a Git repository. */
  readonly revision?: string;
  /** When the source was made: SOURCE_DATE_EPOCH, else the time of the commit; in seconds. */
  readonly createdSeconds?: number;
}

/** Asks git about `directory`. `epoch` is the value of SOURCE_DATE_EPOCH; one that is no number is not used. */
export async function readSource(
  run: RunEngine,
  directory: string,
  epoch: string | undefined,
): Promise<ImageSource> {
  const { code, stdout } = await run('git', ['-C', directory, 'log', '-1', '--format=%H %ct'], {
    quiet: true,
  });
  const [revision, seconds] = code === 0 ? stdout.trim().split(' ') : [];
  const created = parseEpoch(epoch) ?? parseEpoch(seconds);
  return {
    ...(revision === undefined || revision === '' ? {} : { revision }),
    ...(created === undefined ? {} : { createdSeconds: created }),
  };
}

/** Seconds since 1970, or undefined for text that is no such number. */
export function parseEpoch(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,11}$/.test(text) ? Number(text) : undefined;
}
