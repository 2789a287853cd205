/** `make demo` as a newcomer runs it, and what is left when it is interrupted. */

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { shapeOfEvidence } from './documents/shape-of-evidence.ts';

const checkout = resolve(import.meta.dirname, '..');
const rowSchema = z.object({ step: z.string(), ok: z.boolean(), evidence: z.string(), seconds: z.number() });
const DEMO_TIMEOUT_MS = 600_000;

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tekton-dag-demo-test-'));
});
const started: Demo[] = [];
afterAll(async () => {
  // A demo that a test gave up on ends what it started when it is interrupted.
  for (const { child, exited } of started) {
    if (child.exitCode === null) child.kill('SIGINT');
    await exited;
  }
  await rm(directory, { recursive: true, force: true });
});

interface Demo {
  readonly child: ChildProcess;
  output(): string;
  /** Resolves when the output has `text`, or has ended without it. */
  says(text: string): Promise<void>;
  readonly exited: Promise<number | null>;
}

/** The demo's own directories go below `directory`, so that a test can tell what it left. */
function startDemo(env: Record<string, string> = {}): Demo {
  const child = spawn(process.execPath, ['e2e/demo/main.ts'], {
    cwd: checkout,
    env: { ...process.env, TMPDIR: directory, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const exited = once(child, 'close').then(() => child.exitCode);
  async function says(text: string): Promise<void> {
    while (!output.includes(text) && child.stdout.readable) {
      await Promise.race([once(child.stdout, 'data'), exited]);
    }
  }
  const demo = { child, output: () => output, says, exited };
  started.push(demo);
  return demo;
}

/** Working directories below ours that a process still has. */
async function findLeftProcesses(): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const cwds = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')));
  return cwds.filter((cwd) => cwd.startsWith(directory));
}

it(
  'shows the main job and leaves nothing behind',
  async () => {
    const report = join(directory, 'report.jsonl');
    const demo = startDemo({ DEMO_REPORT: report });
    expect(await demo.exited, demo.output()).toBe(0);
    const rows = (await readFile(report, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => rowSchema.parse(JSON.parse(line)));
    expect(rows.filter((row) => !row.ok)).toEqual([]);
    const evidence = Object.fromEntries(rows.map((row) => [row.step, row.evidence]));
    expect(evidence['tagged request']).toMatch(/release-lifecycle-demo -> demo-api = demo-api-pr-42-\w{6}\//);
    expect(evidence['untagged request']).toContain('demo-api 0.1.0 (baseline; tagged:');
    expect(evidence['merge: baseline']).toContain('demo-api 0.2.0');
    expect(evidence['dropped header']).toContain('release-lifecycle-demo -> demo-api');
    const shown = shapeOfEvidence(await readFile(join(checkout, 'README.md'), 'utf8'));
    expect(shown).toHaveLength(rows.length + 2);
    expect(shapeOfEvidence(demo.output())).toEqual(shown);
    expect(await findLeftProcesses()).toEqual([]);
    expect((await readdir(directory)).filter((name) => name.startsWith('tekton-dag-demo-'))).toEqual([]);
  },
  DEMO_TIMEOUT_MS,
);

it.each([
  ['bootstrap', '== Bootstrap stack-one'],
  ['the test of a pull request', 'stack-pr-42-'],
])(
  'leaves nothing running when it is interrupted in the middle of %s',
  async (_run, text) => {
    const demo = startDemo();
    await demo.says(text);
    demo.child.kill('SIGINT');
    // Whoever is in a hurry presses twice, and make hands on a SIGTERM that its whole group has got.
    await demo.says('Interrupted');
    demo.child.kill('SIGTERM');
    expect(await demo.exited, demo.output()).toBe(130);
    expect(await findLeftProcesses()).toEqual([]);
    expect((await readdir(directory)).filter((name) => name.startsWith('tekton-dag-demo-'))).toEqual([]);
  },
  DEMO_TIMEOUT_MS,
);
