/** documentsScenario: the pages of one world, each executed from its first command block to its last. */

import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findProgram } from '../chart/rig/find-program.ts';
import { openWorld } from './open-world.ts';
import { COVERED, PAGES, type Page, type World } from './page-worlds.ts';
import { readBlocks } from './read-blocks.ts';
import { runPage, type PageOutcome } from './run-page.ts';

const checkout = resolve(import.meta.dirname, '../..');
const SHOWN_LINES = 80;

/** What a reader of a failed test needs: the block that failed comes last. */
const explain = ({ output }: PageOutcome): string => output.split('\n').slice(-SHOWN_LINES).join('\n');

async function executePage(page: string, world: World, signal: AbortSignal): Promise<PageOutcome> {
  const blocks = (await readBlocks(checkout, page)).filter(({ script }) => !COVERED.has(script));
  await using opened = await openWorld(world);
  return await runPage(blocks, { ...opened, signal });
}

function registerPage(name: string, { needs }: Page, world: World, timeoutMs: number): void {
  const missing = needs.filter((program) => findProgram(program) === undefined);
  const reason = missing.length === 0 ? '' : ` (skipped: no ${missing.join(', ')} on the PATH)`;
  it.skipIf(missing.length > 0)(
    `of ${name} work${reason}`,
    async ({ signal }) => {
      const outcome = await executePage(name, world, signal);
      expect(outcome.code, explain(outcome)).toBe(0);
    },
    timeoutMs,
  );
}

/** Registers one test for each page of the world; a page that has not come to its end by then fails. */
export function documentsScenario(world: World, timeoutMs: number): void {
  const pages = Object.entries(PAGES).filter(([, { worlds }]) => worlds.includes(world));
  if (pages.length === 0) return;
  describe(`the command blocks, world ${world},`, () => {
    for (const [name, page] of pages) registerPage(name, page, world, timeoutMs);
  });
}
