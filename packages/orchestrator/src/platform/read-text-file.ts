/** readTextFile: the text of a file that somebody else wrote. */

import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { MAX_CHARACTERS } from './refuse-length.ts';

/** UTF-8 has at most four for each character; what is longer need not be read to be refused. */
const MAX_BYTES = 4 * MAX_CHARACTERS;

/** Rejects for what is no regular file, such as a link to a device or a pipe, for what is far too long, and for other encodings. */
export async function readTextFile(path: string): Promise<string> {
  // Without it, to open a pipe waits for a writer.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new Error('it is no regular file');
    if (stats.size > MAX_BYTES) throw new Error(`it is longer than ${MAX_BYTES} bytes`);
    return decode(await file.readFile());
  } finally {
    await file.close();
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error('it is not UTF-8');
  }
}
