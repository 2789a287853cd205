/** How long `make demo` takes from a fresh clone with a warm npm cache: the total, and each step of the demo's own table. */

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';

const rowSchema = z.object({ step: z.string(), ok: z.boolean(), seconds: z.number() });
const checkout = resolve(import.meta.dirname, '..');
const directory = mkdtempSync(join(tmpdir(), 'tekton-dag-bench-'));
const clone = join(directory, 'clone');
const report = join(directory, 'report.jsonl');

try {
  const started = Date.now();
  execFileSync('git', ['clone', '--quiet', checkout, clone]);
  const setUp = spawnSync('make', ['-C', clone, 'setup'], { stdio: 'ignore' });
  const setUpSeconds = (Date.now() - started) / 1000;
  const demo = spawnSync('make', ['-C', clone, 'demo'], {
    env: { ...process.env, DEMO_REPORT: report },
    stdio: 'ignore',
  });
  const seconds = (Date.now() - started) / 1000;
  console.log(
    JSON.stringify({
      name: 'demo/total',
      seconds,
      setUpSeconds,
      ok: setUp.status === 0 && demo.status === 0,
    }),
  );
  for (const line of readFileSync(report, 'utf8').trim().split('\n')) {
    const { step, seconds: stepSeconds, ok } = rowSchema.parse(JSON.parse(line));
    console.log(JSON.stringify({ name: `demo/${step}`, seconds: stepSeconds, ok }));
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
