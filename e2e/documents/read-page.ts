/** readPage: what of a page other pages may point to, and where it points itself. */

import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';

export interface Link {
  /** As it is written, for messages. */
  readonly written: string;
  /** Path relative to the checkout; the page itself for a link to one of its own headings. */
  readonly path: string;
  readonly anchor: string | undefined;
}

export interface PageText {
  readonly path: string;
  /** The page without its fenced blocks. */
  readonly prose: string;
  /** Ids of its headings, as forges make them. */
  readonly anchors: ReadonlySet<string>;
  /** Those within the repository. */
  readonly links: readonly Link[];
}

const FENCED = /^( *)(`{3,}).*\n[\s\S]*?^\1\2 *$/gm;
const HEADING = /^#{1,6} (.+)$/gm;
const LINK = /\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]*))?\)/g;

/** Lower case, without marks, blanks as dashes: what a forge makes of a heading. */
const idOf = (heading: string): string =>
  heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');

function readAnchors(prose: string): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const [, heading = ''] of prose.matchAll(HEADING)) {
    const id = idOf(heading);
    let unique = id;
    for (let count = 1; ids.has(unique); count += 1) unique = `${id}-${count}`;
    ids.add(unique);
  }
  return ids;
}

const readLinks = (path: string, prose: string): readonly Link[] =>
  [...prose.matchAll(LINK)].map(([written, target = '', anchor]) => ({
    written,
    path: target === '' ? path : posix.join(posix.dirname(path), target),
    anchor,
  }));

/** Reads the page at `path`, which is relative to the checkout. */
export async function readPage(checkout: string, path: string): Promise<PageText> {
  const text = await readFile(join(checkout, path), 'utf8');
  const prose = text.replaceAll(FENCED, '');
  return { path, prose, anchors: readAnchors(prose), links: readLinks(path, prose) };
}
