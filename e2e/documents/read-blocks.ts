/** readBlocks: the command blocks of a page, in order. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Block {
  /** `docs/page.md:12`: where the block begins. */
  readonly place: string;
  readonly script: string;
}

/** Blocks fenced with `sh`; other fences are output, files or commands that are not to be run. */
export async function readBlocks(checkout: string, page: string): Promise<readonly Block[]> {
  const text = await readFile(join(checkout, page), 'utf8');
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map((match) => ({
    place: `${page}:${text.slice(0, match.index).split('\n').length}`,
    script: (match[1] ?? '').trim(),
  }));
}
