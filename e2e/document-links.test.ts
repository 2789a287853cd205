/** A reader who follows a link arrives, and every page can be found from the README. */

import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { listPages } from './documents/list-pages.ts';
import { readPage, type Link, type PageText } from './documents/read-page.ts';

const checkout = resolve(import.meta.dirname, '..');
/** Read where they lie: the apps are examples, the schemas an appendix. */
const NOT_FOR_READERS = /^(examples|e2e)\//;
const CLICKS = 2;

let pages: ReadonlyMap<string, PageText>;
beforeAll(async () => {
  const paths = await listPages(checkout);
  const read = await Promise.all(paths.map((path) => readPage(checkout, path)));
  pages = new Map(read.map((page) => [page.path, page]));
});

/** A forge shows the README of a folder that a link leads to. */
const pageOf = ({ path }: Link): string =>
  existsSync(join(checkout, path)) && statSync(join(checkout, path)).isDirectory()
    ? join(path, 'README.md')
    : path;

function isBroken(link: Link): boolean {
  if (!existsSync(join(checkout, link.path))) return true;
  const page = pages.get(link.path);
  return link.anchor !== undefined && page !== undefined && !page.anchors.has(link.anchor);
}

/** Pages by the number of clicks that lead to them from the README. */
function countClicks(): ReadonlyMap<string, number> {
  const clicks = new Map([['README.md', 0]]);
  for (const [path, count] of clicks) {
    for (const link of pages.get(path)?.links ?? []) {
      const next = pageOf(link);
      if (pages.has(next) && !clicks.has(next)) clicks.set(next, count + 1);
    }
  }
  return clicks;
}

describe('the pages', () => {
  it('link to files and headings that are there', () => {
    const links = [...pages.values()].flatMap(({ path, links: all }) => all.map((link) => ({ path, link })));
    expect(links.length).toBeGreaterThan(150);
    const broken = links.filter(({ link }) => isBroken(link));
    expect(broken.map(({ path, link }) => `${path}: ${link.written}`)).toEqual([]);
  });

  it(`are found from the README with ${CLICKS} clicks`, () => {
    const clicks = countClicks();
    const far = [...pages.keys()].filter(
      (path) => !NOT_FOR_READERS.test(path) && (clicks.get(path) ?? Infinity) > CLICKS,
    );
    expect(far).toEqual([]);
  });
});
