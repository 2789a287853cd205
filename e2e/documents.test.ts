/**
 * Every command block of the README and the documents is executed, in a copy of the checkout, as a newcomer would. Pages
 * that need a real cluster: e2e/cluster/documents.test.ts and e2e/argocd/documents.test.ts.
 */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentsScenario } from './documents/documents-scenario.ts';
import { findHiddenFailure } from './documents/find-hidden-failure.ts';
import { listPages } from './documents/list-pages.ts';
import { PAGES } from './documents/page-worlds.ts';
import { readPage } from './documents/read-page.ts';
import { readFences, type Block, type Fence } from './documents/read-blocks.ts';
import { runPage, type PageOutcome } from './documents/run-page.ts';

const checkout = resolve(import.meta.dirname, '..');
const PAGE_TIMEOUT_MS = 1_200_000;

/** What a fence may be: commands, output and commands that nobody should run unasked, files, a picture. */
const LANGUAGES: ReadonlySet<string> = new Set(['sh', 'text', 'yaml', 'json', 'ts', 'mermaid']);

async function readAllFences(): Promise<readonly Fence[]> {
  const paths = await listPages(checkout);
  const pages = await Promise.all(
    paths.map(async (path) => readFences(path, await readFile(join(checkout, path), 'utf8'))),
  );
  return pages.flat();
}

describe('the table of pages', () => {
  it('has every page with command blocks, and no other', async () => {
    const blocks = (await readAllFences()).filter(({ language }) => language === 'sh');
    const withBlocks = new Set(blocks.map(({ place }) => place.replace(/:\d+$/, '')));
    expect([...withBlocks].toSorted()).toEqual(Object.keys(PAGES).toSorted());
  });

  it('has a world for each page, or names the test that reads it', async () => {
    const elsewhere = Object.entries(PAGES).filter(([, { worlds }]) => worlds.length === 0);
    for (const [page, { executedBy = '' }] of elsewhere) {
      expect(await readFile(join(checkout, executedBy), 'utf8')).toContain(page.replace('docs/', ''));
    }
  });

  it('has the programs that a page calls, and the page tells them', async () => {
    const untold = await Promise.all(
      Object.entries(PAGES).map(async ([page, { needs }]) => {
        const { prose } = await readPage(checkout, page);
        return needs.filter((need) => !prose.toLowerCase().includes(need)).map((need) => `${page}: ${need}`);
      }),
    );
    expect(untold.flat()).toEqual([]);
  });
});

describe('the fenced blocks of all pages', () => {
  it('say what they are, so that none is passed over', async () => {
    const fences = await readAllFences();
    const others = fences.filter(({ language }) => !LANGUAGES.has(language));
    expect(others.map(({ place, language }) => `${place} ${language}`)).toEqual([]);
  });

  it('fail when a command of theirs fails', async () => {
    const blocks = (await readAllFences()).filter(({ language }) => language === 'sh');
    expect(blocks.length).toBeGreaterThan(60);
    const doubtful = await Promise.all(
      blocks.map(async ({ place, script }) => ({ place, doubt: await findHiddenFailure(script) })),
    );
    expect(doubtful.filter(({ doubt }) => doubt !== undefined)).toEqual([]);
  });

  it.each([
    ['kubectl apply -f tasks || true', 'hides a failure: || true'],
    ['kubectl apply -f tasks || :', 'hides a failure: || :'],
    ['set +e\nkubectl apply -f tasks', 'hides a failure: set +e'],
  ])('are not like %j', async (script, doubt) => {
    expect(await findHiddenFailure(script)).toBe(doubt);
  });

  it('leave nothing open', async () => {
    expect(await findHiddenFailure('cat > values.yaml << END\nname: a\n')).toContain('here-document');
    expect(await findHiddenFailure("echo 'a")).toContain('unexpected EOF');
    expect(await findHiddenFailure('cat > values.yaml << END\nname: a\nEND\nfalse | cat')).toBeUndefined();
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

  it('fails in the middle of what a value is made of', async () => {
    expect((await runBlocks('name="$(false; echo x)"', 'echo "$name"')).code).toBe(1);
  });

  it('ends what a block left running, which holds the output open', async () => {
    expect(await runBlocks('sleep 600 &')).toEqual({ code: 0, output: '--- page.md:1\n' });
  });
});

documentsScenario('laptop', PAGE_TIMEOUT_MS);
documentsScenario('local', PAGE_TIMEOUT_MS);

describe('the README', () => {
  it('stays under 150 lines', async () => {
    const text = await readFile(join(checkout, 'README.md'), 'utf8');
    expect(text.split('\n').length).toBeLessThan(150);
  });
});
