/**
 * Every command block of the README and the documents is executed, in a copy of the checkout, as a newcomer would. Pages
 * that need a real cluster: e2e/cluster/documents.test.ts and e2e/argocd/documents.test.ts.
 */

import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentsScenario } from './documents/documents-scenario.ts';
import { PAGES } from './documents/page-worlds.ts';
import { readBlocks, type Block } from './documents/read-blocks.ts';
import { runPage, type PageOutcome } from './documents/run-page.ts';

const checkout = resolve(import.meta.dirname, '..');
const PAGE_TIMEOUT_MS = 600_000;

async function listPages(): Promise<readonly string[]> {
  const documents = await readdir(join(checkout, 'docs'));
  return [
    'README.md',
    'CONTRIBUTING.md',
    ...documents.filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`),
  ];
}

describe('the table of pages', () => {
  it('has every page with command blocks, and no other', async () => {
    const pages = await Promise.all(
      (await listPages()).map(async (page) => ({ page, blocks: await readBlocks(checkout, page) })),
    );
    const withBlocks = pages.filter(({ blocks }) => blocks.length > 0).map(({ page }) => page);
    expect(withBlocks.toSorted()).toEqual(Object.keys(PAGES).toSorted());
  });
});

describe('a session', () => {
  const block = (script: string, index: number): Block => ({ place: `page.md:${index + 1}`, script });

  async function runBlocks(...scripts: readonly string[]): Promise<PageOutcome> {
    const root = await mkdtemp(join(tmpdir(), 'tekton-dag-session-'));
    const env = { PATH: process.env['PATH'] ?? '' };
    const { signal } = new AbortController();
    try {
      return await runPage(scripts.map(block), { root, cwd: root, env, signal });
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  }

  it('goes on from block to block', async () => {
    const outcome = await runBlocks('mkdir sub; cd sub; name=x', 'basename "$PWD"; echo "$name"');
    expect(outcome).toEqual({ code: 0, output: '--- page.md:1\n--- page.md:2\nsub\nx\n' });
  });

  it('ends with the block that fails, but for the last, which takes away what there is', async () => {
    const outcome = await runBlocks('name=x', 'false | cat', 'echo not reached', 'echo "away: $name"');
    expect(outcome.code).toBe(1);
    expect(outcome.output).toBe('--- page.md:1\n--- page.md:2\n--- page.md:4\naway: x\n');
  });

  it('fails with its last block, and on a variable that nothing sets', async () => {
    expect((await runBlocks('true', 'exit 3')).code).toBe(3);
    expect((await runBlocks('echo "$nothing"')).code).not.toBe(0);
  });

  it('ends what a block left running, which holds the output open', async () => {
    expect(await runBlocks('sleep 600 &')).toEqual({ code: 0, output: '--- page.md:1\n' });
  });
});

documentsScenario('laptop', PAGE_TIMEOUT_MS);
documentsScenario('local', PAGE_TIMEOUT_MS);

describe('the README', () => {
  it('links to files that exist and stays under 150 lines', async () => {
    const text = await readFile(join(checkout, 'README.md'), 'utf8');
    expect(text.split('\n').length).toBeLessThan(150);
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path = '']) => path);
    expect(links.length).toBeGreaterThan(10);
    const missing = links.filter((path) => !existsSync(join(checkout, path)));
    expect(missing).toEqual([]);
  });
});
