/**
 * Schemathesis reads /openapi.json and sends what the schemas allow and what they do not: no answer above 499, and none
 * of another form than the document says. The program is not part of npm: SCHEMATHESIS names it, or it is on the PATH.
 */

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { API_TOKEN, startRig } from './orchestrator-rig.ts';

const PROGRAM = process.env['SCHEMATHESIS'] ?? 'schemathesis';
const isThere = spawnSync(PROGRAM, ['--version']).status === 0;
const TIMEOUT_MS = 300_000;
/** Event streams have no end. */
const STREAMS = '/(events|logs)$';
const OPTIONS = [
  `--header=Authorization: Bearer ${API_TOKEN}`,
  '--checks=not_a_server_error,content_type_conformance,response_schema_conformance',
  `--exclude-path-regex=${STREAMS}`,
  '--phases=examples,coverage,fuzzing',
  '--max-examples=20',
  '--seed=5',
  '--request-timeout=10',
  '--no-color',
];

it.skipIf(!isThere)(
  isThere
    ? 'the API keeps to its document'
    : 'the API keeps to its document (skipped: schemathesis is not installed)',
  { timeout: TIMEOUT_MS },
  async () => {
    await using rig = await startRig();
    const directory = await mkdtemp(join(tmpdir(), 'tekton-dag-schemathesis-'));
    const child = spawn(PROGRAM, ['run', ...OPTIONS, `${rig.url}/openapi.json`], {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [report, [status]] = await Promise.all([text(child.stdout), once(child, 'close')]);
    await rm(directory, { recursive: true });
    expect(status, report).toBe(0);
  },
);
