/**
 * From exec to a step's first line: the bundled program against bare Node, each run a process of its own. `PROGRAM` names
 * another program, such as the one in the image: `node startup.ts` in a pod.
 */

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROUNDS = 21;
const root = resolve(import.meta.dirname, '..');
const directory = await mkdtemp(join(tmpdir(), 'tekton-dag-startup-'));
const program = process.env['PROGRAM'] ?? (await bundle());
const cache = process.env['NODE_COMPILE_CACHE'] ?? join(directory, 'compiled');

const CASES: Readonly<Record<string, readonly string[]>> = {
  'bare node': ['-e', 'console.log(1)'],
  version: [program, 'version'],
  'step cleanup': [program, 'step', 'cleanup'],
  'step prepare': [program, 'step', 'prepare'],
  'step build': [program, 'step', 'build'],
  'step build-app-image': [program, 'step', 'build-app-image'],
  'step verify-propagation': [program, 'step', 'verify-propagation'],
};

async function bundle(): Promise<string> {
  const { bundleProgram } = await import('../scripts/bundle/bundle-program.ts');
  return join((await bundleProgram(root, join(directory, 'lib'))).directory, 'tekton-dag.js');
}

/** Milliseconds until the first byte on either stream. */
async function measureStart(args: readonly string[]): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: cache },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { promise, resolve } = Promise.withResolvers<number>();
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', () => resolve(performance.now() - started));
  const firstLineMs = await promise;
  if (child.exitCode === null) await new Promise((done) => child.on('close', done));
  return firstLineMs;
}

const round = (value: number | undefined): number => Math.round((value ?? 0) * 10) / 10;

for (const [name, args] of Object.entries(CASES)) {
  // The first run fills the compile cache, as making the image does.
  await measureStart(args);
  const timesMs: number[] = [];
  for (let index = 0; index < ROUNDS; index += 1) timesMs.push(await measureStart(args));
  timesMs.sort((a, b) => a - b);
  const result = { bench: 'startup', name, medianMs: round(timesMs[ROUNDS >> 1]), minMs: round(timesMs[0]) };
  console.log(JSON.stringify({ ...result, maxMs: round(timesMs.at(-1)) }));
}
await rm(directory, { recursive: true, force: true });
