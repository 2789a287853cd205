/** readBlocks: the fenced blocks of a page, in order. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Block {
  /** `docs/page.md:12`: where the block begins. */
  readonly place: string;
  readonly script: string;
}

export interface Fence extends Block {
  /** What stands behind the backticks, `sh` for commands; empty where nothing does. */
  readonly language: string;
}

/** Indented ones too, so that no command hides in a list. */
const FENCE = /^ *(`{3,}|~{3,})(.*)\n([\s\S]*?)^ *\1 *$/gm;

/** All fenced blocks of a page's text. */
export function readFences(page: string, text: string): readonly Fence[] {
  return [...text.matchAll(FENCE)].map((match) => ({
    place: `${page}:${text.slice(0, match.index).split('\n').length}`,
    language: (match[2] ?? '').trim(),
    script: (match[3] ?? '').trim(),
  }));
}

/** The command blocks: fenced with `sh`. Other fences are output, files or commands that are not to be run. */
export async function readBlocks(checkout: string, page: string): Promise<readonly Block[]> {
  const fences = readFences(page, await readFile(join(checkout, page), 'utf8'));
  return fences.filter(({ language }) => language === 'sh');
}
