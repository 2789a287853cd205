/** Every command block of the README and the documents is executed, in a copy of the checkout, as a newcomer would. */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const checkout = resolve(import.meta.dirname, '..');
/** Covered elsewhere: the first by demo.test.ts, the second is what runs this test. */
const COVERED = new Set(['make demo', 'make test']);
/** Needs an orchestrator: packages/cli/test/webhook-commands.test.ts executes it. */
const COVERED_PAGES = new Set(['docs/api.md']);

interface Block {
  readonly file: string;
  readonly line: number;
  readonly script: string;
}

async function readBlocks(file: string): Promise<Block[]> {
  const text = await readFile(join(checkout, file), 'utf8');
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map((match) => ({
    file,
    line: text.slice(0, match.index).split('\n').length,
    script: (match[1] ?? '').trim(),
  }));
}

const documents = (await readdir(join(checkout, 'docs')))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);
const blocks = (await Promise.all(['README.md', 'CONTRIBUTING.md', ...documents].map(readBlocks))).flat();

let home = '';
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'tekton-dag-documents-'));
});
afterAll(async () => {
  // A block that failed half-way may have left the cluster up; an answer that none runs is fine.
  await run('npx', ['tekton-dag', 'local', 'down'], { cwd: checkout, env: environment() }).catch(
    () => undefined,
  );
  await rm(home, { recursive: true, force: true });
});

const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  HOME: home,
  XDG_STATE_HOME: home,
  KUBECONFIG: '',
  NO_COLOR: '1',
});

describe('command blocks', () => {
  it('are found', () => {
    expect(blocks.map(({ script }) => script)).toContain('make demo');
  });

  const open = blocks.filter(({ file, script }) => !COVERED.has(script) && !COVERED_PAGES.has(file));
  it.each(open)('of $file:$line work', async ({ script }) => {
    const env = { ...process.env, HOME: home, XDG_STATE_HOME: home, KUBECONFIG: '', NO_COLOR: '1' };
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], { cwd: checkout, env });
    expect(stdout).not.toBe('');
  });
});

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
